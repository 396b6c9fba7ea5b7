/** How the program was typed; a library's reader has it as `bellman`. */
let prefix = 'bellman';

/** Names the program in all advice from here on. @param typed what begins a command, such as `npx bellman`. */
export function setCommandPrefix(typed: string): void {
  prefix = typed;
}

/** A command of this program, typable as printed. @param args what follows its name, words quoted (`shellWord`). */
export const advise = (args: string): string => `${prefix} ${args}`;

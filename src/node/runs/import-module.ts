import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownNetwork, ownValueHead } from '../../agents/own-kinds.ts';
import { isAlgorithm } from '../../algorithms/registry.ts';
import { BellmanError, UnavailableError, UnknownNameError } from '../../core/errors.ts';
import { isRegistered, moduleOf } from '../../envs/registry.ts';

/** What a module may register: how a name is looked up, and the function that registers it. */
const registers = {
  environment: { has: isRegistered, by: 'register()', example: './maze.mjs:Maze-v0' },
  algorithm: { has: isAlgorithm, by: 'registerAlgorithm()', example: './my-dqn.mjs:my-dqn' },
  network: { has: (kind) => ownNetwork(kind) !== undefined, by: 'registerNetwork()', example: './my-net.mjs:my-net' },
  values: {
    has: (kind) => ownValueHead(kind) !== undefined,
    by: 'registerValueHead()',
    example: './my-loss.mjs:my-loss',
  },
} as const satisfies Readonly<
  Record<string, { readonly has: (name: string) => boolean; readonly by: string; readonly example: string }>
>;

type Registered = keyof typeof registers;

/**
 * Loads the module of a name of the form `module:name`: a file, by its path from the present folder, or an installed
 * package, which registers the name. Names without a module need none.
 * @throws UnknownNameError for a file without a name; UnavailableError when it does not load, or does not register the name; the module's own
 *   BellmanError, such as for a name that is taken.
 */
export async function importModule(what: Registered, name: string): Promise<void> {
  const module = moduleOf(name);
  const { has, by, example } = registers[what];
  if (module === undefined) {
    if (!isPath(name)) return;
    const advice = `After the file stands what it registers, as ${example}.`;
    throw new UnknownNameError(what, name, [], undefined, advice);
  }
  try {
    await import(urlOf(module));
  } catch (cause) {
    // The module is there, and what it registers is refused: the refusal says it all.
    if (cause instanceof BellmanError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    const [reason] = message.split(/\n| imported from /);
    const [, missing] = /^Cannot find package '([^']+)' imported from /.exec(message) ?? [];
    throw new UnavailableError(
      `The module of ${what} ${name} does not load: ${reason!.replace(/\.$/, '')}.`,
      missing === undefined
        ? `Give a file by its path, as ${example}, or an installed package.`
        : `The module imports it: npm install ${missing} in its folder.`,
      { cause },
    );
  }
  if (has(name)) return;
  throw new UnavailableError(
    `Module ${module} registers no ${what === 'environment' ? '' : `${what} `}${name.slice(module.length + 1)}.`,
    `It has to call ${by} of 'bellman-rl', from the installation that this program belongs to.`,
  );
}

const urlOf = (module: string): string => pathToFileURL(fileOf(module)).href;

const isPath = (name: string): boolean => /^\.{0,2}[/\\]|^[A-Za-z]:[/\\]/.test(name);

function fileOf(module: string): string {
  return isPath(module) ? resolve(module) : createRequire(pathToFileURL(resolve('_')).href).resolve(module);
}

/** The full path of a module's file; its name where it is not found. */
export function moduleFile(module: string): string {
  try {
    return fileOf(module);
  } catch {
    return module;
  }
}

import { Command } from 'commander';
import { OptionError } from '../core/errors.ts';
import { examples } from './command.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

export function configure(command: Command): void {
  command
    .argument('<shell>', shells.join(', '))
    .addHelpText(
      'after',
      examples(
        'bellman completion bash >> ~/.bashrc',
        'bellman completion zsh >> ~/.zshrc',
        'bellman completion fish > ~/.config/fish/completions/bellman.fish',
      ),
    )
    .action(async (shell: string) => {
      if (!shells.includes(shell as Shell)) throw new OptionError('shell', shell, shells.join(', '));
      console.log(completionScript(shell as Shell, await readCommands()));
    });
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly { readonly flags: readonly string[]; readonly summary: string }[];
  /** Words that stand for its first argument, as far as they are known. */
  readonly words: readonly string[];
}

/** All commands with their options, as their files configure them. */
async function readCommands(): Promise<CompletedCommand[]> {
  const [{ commands }, { allRecipes }, { algorithmNames }, { environmentIds }] = await Promise.all([
    import('./commands.ts'),
    import('../recipes/registry.ts'),
    import('../algorithms/registry.ts'),
    import('../envs/registry.ts'),
  ]);
  const recipes = allRecipes.map(({ id }) => id);
  const words: Readonly<Record<string, readonly string[]>> = {
    train: [...new Set([...algorithmNames(), ...recipes])],
    suite: [...new Set([...algorithmNames(), ...recipes])],
    tune: [...new Set([...algorithmNames(), ...recipes])],
    recipes: [...new Set([...algorithmNames(), ...recipes])],
    algorithms: algorithmNames(),
    envs: environmentIds(),
    trace: environmentIds(),
    render: environmentIds(),
    doctor: [...environmentIds(), ...recipes],
    completion: shells,
  };
  return Promise.all(
    commands.map(async ({ name, summary, load }) => {
      const command = new Command(name);
      (await load()).configure(command);
      const options = command.options.map((option) => ({
        flags: [option.short, option.long].filter((flag) => flag !== undefined),
        summary: option.description,
      }));
      return { name, summary, options, words: words[name] ?? command.commands.map((inner) => inner.name()) };
    }),
  );
}

/** A shell's program that completes commands, options, names of recipes, algorithms and environments, and files. */
export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  return { bash, zsh, fish }[shell](commands);
}

const flagsOf = ({ options }: CompletedCommand): string =>
  [...options.flatMap(({ flags }) => flags), '--help'].join(' ');

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(
    (command) => `    ${command.name}) flags="${flagsOf(command)}"; words="${command.words.join(' ')}" ;;`,
  );
  return `# bash completion of bellman
_bellman() {
  local word=\${COMP_WORDS[COMP_CWORD]} flags="" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')} help --help --version" -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _bellman bellman bellman-rl`;
}

/** zsh reads bash's program. */
function zsh(commands: readonly CompletedCommand[]): string {
  return `autoload -Uz compinit && compinit -u
autoload -Uz bashcompinit && bashcompinit
${bash(commands).replace('# bash', '# zsh')}`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fish(commands: readonly CompletedCommand[]): string {
  const first = commands.map(({ name, summary }) => `-n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`);
  const rest = commands.flatMap(({ name, options, words }) => {
    const when = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
    const flags = options.map(({ flags: own, summary }) => {
      const names = own.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      return `${when} ${names.join(' ')} -d ${quoted(summary)}`;
    });
    return words.length === 0 ? flags : [...flags, `${when} -a ${quoted(words.join(' '))}`];
  });
  const lines = [...first, ...rest];
  return [
    '# fish completion of bellman',
    ...['bellman', 'bellman-rl'].flatMap((program) => lines.map((line) => `complete -c ${program} ${line}`)),
  ].join('\n');
}

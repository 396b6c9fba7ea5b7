#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { advise, setCommandPrefix } from '../core/advise.ts';
import { largest } from '../core/extremes.ts';
import { useCartridgeFolder } from '../node/roms/cartridge-folder.ts';
import { tellErrorCode } from '../node/runs/told-error-code.ts';
import { describeFailure } from './command.ts';
import { commandPrefix } from './command-prefix.ts';
import { commands } from './commands.ts';
import { foreignOption, misplacedWord } from './foreign-options.ts';
import { endWithoutConnections } from './leave-connections.ts';
import { watchStandardOutput } from './standard-output.ts';
import { packageVersion } from './version.ts';

/** Under the list of commands: what to begin with. */
const begin = (): string => {
  const rows = [
    ['play pong', 'a trained agent that comes along'],
    ['train lake', 'a lake in two seconds, with its values'],
    ['train dqn-cart-pole', 'a pole in a minute'],
    ['train', 'Pong in a quarter of an hour'],
    ['runs', 'what you have trained'],
    ['help train', 'more of one command'],
  ] as const;
  const lines = rows.map(([args, meaning]) => [`  $ ${advise(args)}`, meaning] as const);
  const width = largest(lines.map(([command]) => command.length));
  return `\nBegin with:\n${lines.map(([command, meaning]) => `${command.padEnd(width)}  ${meaning}\n`).join('')}`;
};

/** Exit codes: 0 done, 1 something went wrong, 2 the command line itself is wrong; saved and ended at a signal: 129 when the
 * terminal hung up, 130 by Ctrl-C, 141 when nobody reads a training any more, 143 by SIGTERM. */
const USAGE = 2;

/** Commander's message, with its suggestion on the same line. */
function oneLine(text: string, program: string): string {
  return `${text
    .replace(/^error: /, `${program}: `)
    .trimEnd()
    .replaceAll('\n', ' ')}\n`;
}

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('bellman')
    .description('Value-based reinforcement learning, from a 4x4 frozen lake to Atari.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text, 'bellman')) })
    .addHelpCommand(
      new Command('help')
        .argument('[command]')
        .description('show the help of a command')
        .helpGroup('Set up and measure:'),
    )
    .addHelpText('after', begin());
  const wanted = argv[0] === 'help' ? argv[1] : argv[0];
  for (const entry of commands) {
    const command = program.command(entry.name).description(entry.summary).helpGroup(`${entry.group}:`).exitOverride();
    command.configureOutput({
      outputError: (text, write) => {
        const words = argv.slice(1);
        const answer = entry.name === 'train' ? (foreignOption(text) ?? misplacedWord(text, words)) : undefined;
        write(oneLine(answer === undefined ? text : `error: ${answer}`, `bellman ${entry.name}`));
      },
    });
    if (entry.name === wanted) (await entry.load()).configure(command);
  }
  await program.parseAsync(argv, { from: 'user' });
}

watchStandardOutput(commands.some(({ name, makes }) => name === process.argv[2] && makes === true));
useCartridgeFolder();
const { argv, execArgv, env } = process;
setCommandPrefix(commandPrefix({ file: argv[1] ?? 'bellman', execArgv, env, cwd: process.cwd() }));
process.on('uncaughtException', (error) => {
  // A training has its own listener: it saves first.
  if (process.listenerCount('uncaughtException') > 1) return;
  process.stderr.write(`bellman: ${describeFailure(error)}\n`);
  tellErrorCode(error);
  process.exit(1);
});
await main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // Commander has printed its line (or the help) already.
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
    return;
  }
  process.stderr.write(`bellman: ${describeFailure(error)}\n`);
  tellErrorCode(error);
  process.exitCode = 1;
});
endWithoutConnections();

#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { useCartridgeFolder } from '../node/roms/cartridge-folder.ts';
import { type CommandEntry, describeFailure, examples } from './command.ts';
import { packageVersion } from './version.ts';

const commands: readonly CommandEntry[] = [
  {
    name: 'train',
    summary: 'learn: tabular methods, DQN and PQN, with logs and checkpoints',
    load: () => import('./train.ts'),
  },
  { name: 'play', summary: 'watch a trained agent play, record a video', load: () => import('./play.ts') },
  { name: 'film', summary: "film a run's progress from the models that it kept", load: () => import('./film.ts') },
  {
    name: 'render',
    summary: 'a picture of an environment, as PNG or in the terminal',
    load: () => import('./render.ts'),
  },
  { name: 'eval', summary: 'score a trained agent over many episodes', load: () => import('./eval.ts') },
  { name: 'plot', summary: 'draw learning curves, value tables and policies', load: () => import('./plot.ts') },
  { name: 'envs', summary: 'list environments, describe one', load: () => import('./envs.ts') },
  {
    name: 'recipes',
    summary: 'list recipes, show one with the source of each value',
    load: () => import('./recipes.ts'),
  },
  { name: 'roms', summary: 'get the cartridges of Atari games, list them', load: () => import('./roms.ts') },
  { name: 'trace', summary: "print an environment's trajectory as JSON lines", load: () => import('./trace.ts') },
  { name: 'bench', summary: 'measure speed on this machine', load: () => import('./bench.ts') },
  { name: 'doctor', summary: 'check an environment or recipe before a long run', load: () => import('./doctor.ts') },
];

/** Exit codes: 0 done, 1 something went wrong, 2 the command line itself is wrong, 130 stopped by Ctrl-C. */
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
    .addHelpText('after', examples('bellman train value-iteration --env FrozenLake-v1 --seed 1', 'bellman train'));
  const wanted = argv[0] === 'help' ? argv[1] : argv[0];
  for (const entry of commands) {
    const command = program.command(entry.name).description(entry.summary).exitOverride();
    command.configureOutput({
      outputError: (text, write) => write(oneLine(text, `bellman ${entry.name}`)),
    });
    if (entry.name === wanted) (await entry.load()).configure(command);
  }
  await program.parseAsync(argv, { from: 'user' });
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe (`| head`) left: nothing more to say.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

useCartridgeFolder();
await main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // Commander has printed its line (or the help) already.
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
    return;
  }
  process.stderr.write(`bellman: ${describeFailure(error)}\n`);
  process.exitCode = 1;
});

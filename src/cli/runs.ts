import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import { FileFormatError } from '../core/errors.ts';
import { formatCount } from '../core/format-count.ts';
import { excerpt, printable, printableJson } from '../core/printable.ts';
import { shellWord } from '../core/shell-word.ts';
import { systemClock } from '../node/files/clock.ts';
import { kindOf } from '../node/files/folder.ts';
import { listRuns, type RunSummary } from '../node/runs/list-runs.ts';
import { examples } from './command.ts';
import { type Column, layTable } from './table.ts';

const DEFAULT_FOLDER = 'runs';

export function configure(command: Command): void {
  command
    .argument('[folder]', 'folder with runs, or a run', DEFAULT_FOLDER)
    .option('--json', 'one JSON array')
    .addHelpText('after', STATES)
    .addHelpText('after', examples('bellman runs', 'bellman runs runs/sarsa --json'))
    .action((folder: string, { json }: { json?: boolean }) => {
      if (kindOf(folder) === undefined && folder !== DEFAULT_FOLDER) {
        throw new FileFormatError(folder, 'there is no such folder', 'Give a folder with runs.');
      }
      const runs = listRuns(folder);
      if (json) console.log(printableJson(runs));
      else
        for (const line of describeRuns(runs, folder, systemClock(), process.stdout.columns ?? 200)) console.log(line);
    });
}

const STATES = `
States:
  running  a program trains it now
  stopped  by Ctrl-C or --stop-after: --resume continues
  killed   its program is gone: --resume continues from the last checkpoint
  solved   above its bound
  ended    did all its steps
  failed   ended with an error, which the list repeats
  unknown  of a version that noted no state
`;

const PROTOCOL: Column = { title: 'protocol', leaves: 0 };

const columns: readonly Column[] = [
  { title: 'state' },
  { title: 'run' },
  { title: 'recipe', leaves: 1 },
  { title: 'environment', leaves: 2 },
  { title: 'seed', align: 'right', leaves: 3 },
  { title: 'score', align: 'right' },
  { title: 'steps', align: 'right' },
  { title: 'changed', align: 'right' },
];

/** The list for people, as wide as their terminal. @param now milliseconds since 1970. */
export function describeRuns(runs: readonly RunSummary[], folder: string, now: number, width: number): string[] {
  if (runs.length === 0) return [`No runs in ${folder} yet. ${advise('train')} begins one.`];
  // Of Atari games alone.
  const games = runs.some(({ protocol }) => protocol !== null);
  const shown = games ? columns.toSpliced(4, 0, PROTOCOL) : columns;
  const rows = runs.map(({ state, path, recipe, env, protocol, seed, score, step, changed }) => [
    state,
    path,
    recipe ?? '',
    env ?? '',
    ...(games ? [protocol ?? ''] : []),
    seed === null ? '' : String(seed),
    score === null ? '' : shortNumber(score),
    step === null ? '' : formatCount(step),
    `${formatAge(now - changed)} ago`,
  ]);
  const troubles = runs
    .filter(({ state, message }) => (state === 'failed' || state === 'damaged') && message !== null)
    .map(({ path, message }) => excerpt(`${path}: ${message}`, 1000));
  const unfinished = runs.find(({ state }) => state === 'stopped' || state === 'killed');
  const hint =
    unfinished === undefined
      ? []
      : ['', `Resume one with: ${advise(`train --resume ${shellWord(printable(unfinished.path))}`)}`];
  const curves = `Curves: tensorboard --logdir ${shellWord(printable(folder))}`;
  return [...layTable(shown, rows, width), ...troubles, ...(hint.length > 0 ? hint : ['']), curves];
}

const shortNumber = (value: number): string => (Math.abs(value) >= 10_000 ? value.toFixed(0) : value.toFixed(2));

/** A length of time in one unit: `42 s`, `5 min`, `3 h`, `12 d`. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

import { join } from 'node:path';
import { loadAlgorithm } from '../algorithms/registry.ts';
import { advise } from '../core/advise.ts';
import { formatCount } from '../core/format-count.ts';
import { printableJson } from '../core/printable.ts';
import { shellWord } from '../core/shell-word.ts';
import type { ResolvedRun } from '../node/runs/resolve-run.ts';
import { type SeedOutcome, trainSeeds } from '../node/runs/seed-runs.ts';
import { exitCodeOf } from '../node/runs/stop-requests.ts';
import { summarize } from '../stats/summary.ts';
import { describeRun } from './describe-training.ts';
import { fact } from './fact.ts';
import { jobsThatFit } from './jobs-that-fit.ts';
import { textWidth } from './terminal.ts';
import { hanging } from './wrap.ts';

export interface TrainSeedsRequest {
  readonly seeds: readonly number[];
  /** The name that was asked for, if one was. */
  readonly asked: string | undefined;
  /** The run that all seeds share, checked already. */
  readonly run: ResolvedRun;
  /** Arguments of `bellman` that are the same for all seeds. */
  readonly sharedArguments: readonly string[];
  /** Folder whose `seedN` become the runs; undefined for numbered ones under `runs`. */
  readonly folder: string | undefined;
  readonly jobs: number | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
  /** Asks to stop, as a signal to the process does. */
  readonly stop: AbortSignal;
}

/** Trains all seeds and reports on them. Sets the exit code: that of the signal when interrupted, 1 when a seed failed or was not
 * solved; one that --stop-after stopped counts as neither. */
export async function trainAndReport(request: TrainSeedsRequest): Promise<void> {
  const { seeds, run, sharedArguments, folder, quiet, json } = request;
  const { networks, unit } = await loadAlgorithm(run.algorithm);
  const jobs = request.jobs ?? jobsThatFit(networks, run.threads);
  const show = (outcome: SeedOutcome) => {
    if (!quiet && !json) say(linesOf(outcome, width));
  };
  const width = textWidth(process.stdout);
  if (!quiet && !json) say(describeSeeds({ ...request, jobs }, unit, width));
  const { outcomes, stoppedBy } = await trainSeeds({
    seeds,
    jobs,
    argumentsFor: (seed) => [
      ...sharedArguments,
      ...['--seed', `${seed}`, '--json'],
      ...(folder === undefined ? [] : ['--run', join(folder, `seed${seed}`)]),
    ],
    onOutcome: show,
    stop: request.stop,
  });
  const report = reportOn(outcomes, seeds.length);
  if (json) console.log(printableJson({ recipe: run.recipe, env: run.env, ...report, seeds: outcomes }));
  else say([...describe(report, unit), ...(quiet ? [] : whatNext(outcomes, folder))]);
  if (stoppedBy !== undefined) process.exitCode = exitCodeOf(stoppedBy);
  else if (outcomes.some(({ interrupted }) => interrupted)) process.exitCode = exitCodeOf('SIGINT');
  else if (outcomes.some(({ failed, solved, stopped }) => failed || (solved === false && !stopped)))
    process.exitCode = 1;
}

const say = (lines: readonly string[]): void => {
  for (const line of lines) console.log(line);
};

/** What is going to be trained. @param unit of a training, in the plural. */
export function describeSeeds(
  { run, asked, seeds, jobs, folder }: TrainSeedsRequest & { readonly jobs: number },
  unit: string,
  width: number,
): string[] {
  const where = folder === undefined ? '' : ` ${shellWord(folder)}`;
  return [
    ...describeRun(run, asked, unit, width, `seeds ${listSeeds(seeds)}`),
    ...fact(
      'at a time',
      `${Math.min(jobs, seeds.length)} of ${seeds.length}, in processes of their own (--jobs)`,
      width,
    ),
    ...fact('watch', 'from another terminal:', width),
    `  ${advise(`runs${where}`)}`,
    `  tensorboard --logdir ${shellWord(folder ?? 'runs')}`,
  ];
}

/** `0 to 9`, `0, 3, 7`. */
export function listSeeds(seeds: readonly number[]): string {
  const [first, last] = [seeds[0]!, seeds.at(-1)!];
  const inARow = seeds.length > 2 && seeds.every((seed, i) => seed === first + i);
  return inARow ? `${first} to ${last}` : seeds.join(', ');
}

/** Commands for the seeds together, where they have one folder and there is something to play. */
function whatNext(outcomes: readonly SeedOutcome[], folder: string | undefined): string[] {
  if (folder === undefined || outcomes.every(({ score }) => score === null)) return [];
  return ['Next:', ...['play', 'eval', 'plot'].map((name) => `  ${advise(`${name} ${shellWord(folder)}`)}`)];
}

interface Interval {
  readonly n: number;
  readonly mean: number;
  /** 95 % interval of the mean by Student's t; null for a single value. */
  readonly ci95: readonly [number, number] | null;
}

export interface SeedsReport {
  readonly asked: number;
  readonly finished: number;
  readonly failed: number;
  readonly interrupted: number;
  /** By `--stop-after`. */
  readonly stopped: number;
  readonly solved: number;
  /** Seeds that had no bound to reach. */
  readonly unbounded: number;
  /** Units of training of the seeds that were solved; null without any. */
  readonly steps: Interval | null;
  /** Best mean rewards of all seeds that have one; null without any. */
  readonly score: Interval | null;
}

/** Mean and interval of what the seeds came to. */
export function reportOn(outcomes: readonly SeedOutcome[], asked: number): SeedsReport {
  const finished = outcomes.filter(({ failed, interrupted, stopped }) => !failed && !interrupted && !stopped);
  const solved = outcomes.filter((outcome) => outcome.solved === true);
  return {
    asked,
    finished: finished.length,
    failed: outcomes.filter(({ failed }) => failed).length,
    interrupted: asked - outcomes.length + outcomes.filter(({ interrupted }) => interrupted).length,
    stopped: outcomes.filter(({ stopped }) => stopped).length,
    solved: solved.length,
    unbounded: finished.filter((outcome) => outcome.solved === null).length,
    steps: interval(solved.flatMap(({ step }) => step ?? [])),
    score: interval(outcomes.flatMap(({ score }) => score ?? [])),
  };
}

function interval(values: readonly number[]): Interval | null {
  if (values.length === 0) return null;
  const { n, mean, halfWidth95 } = summarize(values);
  return { n, mean, ci95: halfWidth95 === undefined ? null : [mean - halfWidth95, mean + halfWidth95] };
}

/** How a seed ended, for people; of one that was stopped, the command that goes on. @param width columns; Infinity breaks nothing. */
export function linesOf(
  { seed, run, step, message, failed, interrupted, stopped, score, seconds }: SeedOutcome,
  width: number,
): string[] {
  const label = `seed ${seed}: `;
  if (failed) return hanging(label, `failed: ${message}`, width);
  if (run === undefined) return [`seed ${seed}: stopped before it began`];
  const goesOn = interrupted || stopped;
  const ending = goesOn ? `stopped at step ${step}` : message;
  const reward = score === null ? 'no reward yet' : `best reward ${score.toFixed(3)}`;
  // Endings without a solution name the best reward themselves.
  const facts = [...(/\bbest .*reward/.test(ending) ? [] : [reward]), `${seconds?.toFixed(1)} s`, run];
  return [
    ...hanging(label, `${ending} (${facts.join(', ')})`, width),
    ...(goesOn ? [`  ${advise(`train --resume ${shellWord(run)}`)}`] : []),
  ];
}

/** The report's last lines for people. @param unit what a step is, in the plural. */
export function describe(report: SeedsReport, unit: string): string[] {
  const { asked, solved, failed, interrupted, stopped, unbounded, steps, score } = report;
  const show = (name: string, part: Interval | null, least?: number) => {
    if (part === null) return [];
    const { n, mean, ci95 } = part;
    const ends = ci95?.map((end) => number(least === undefined ? end : Math.max(least, end)));
    const range = ends === undefined ? '' : `, 95 % interval ${ends.join(' to ')}`;
    return [`${name}: mean ${number(mean)}${range} (${n} ${n === 1 ? 'seed' : 'seeds'})`];
  };
  const counts = [
    unbounded > 0 ? `${unbounded} of ${asked} seeds trained to the end` : `${solved} of ${asked} seeds solved`,
    ...(stopped > 0 ? [`${stopped} stopped by --stop-after`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(interrupted > 0 ? [`${interrupted} stopped or not begun`] : []),
  ];
  const units = `${unit[0]!.toUpperCase()}${unit.slice(1)}`;
  return [...show(`${units} until solved`, steps, 0), ...show('Best mean reward', score), `${counts.join(', ')}.`];
}

const number = (value: number): string => (Math.abs(value) >= 1000 ? formatCount(Math.round(value)) : value.toFixed(3));

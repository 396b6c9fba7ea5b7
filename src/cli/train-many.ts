import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OptionError } from '../core/errors.ts';
import type { ResolvedRun } from '../node/runs/resolve-run.ts';
import { CONFIG_FILE } from '../node/runs/run-layout.ts';
import { optionName } from './command.ts';
import { listenForLoss } from './listen-for-loss.ts';
import { DEFAULT_RECIPE, type TrainCommandOptions } from './train-options.ts';
import { startOf } from './train-start.ts';

/** `train --seeds`: this same command once for each seed, in processes of their own. */
export async function trainMany(
  recipe: string | undefined,
  options: TrainCommandOptions,
  seeds: number[],
): Promise<void> {
  if (options.resume !== undefined) {
    throw new OptionError('--resume', options.resume, 'one run, without --seeds: each seed has a run of its own');
  }
  if (options.ui === true) throw new OptionError('--ui', true, 'an option of one seed; `bellman ui` shows several');
  if (options.seed !== undefined) throw new OptionError('--seed', options.seed, 'one of --seed and --seeds');
  const start = await startOf(recipe, options);
  if (!('run' in start)) return;
  const { run } = start;
  if (options.run !== undefined && existsSync(join(options.run, CONFIG_FILE)))
    throw new OptionError('--run', options.run, 'a folder for the runs of all seeds, not one that is a run itself');
  if (options.queue !== undefined) return trainInQueue(recipe, options, seeds, run, options.queue);
  if (options.store !== undefined) throw new OptionError('--store', options.store, 'an option of --queue');
  const { trainAndReport } = await import('./train-seeds.ts');
  // By the name that was asked for: an algorithm of another module carries that module.
  const sharedArguments = [
    'train',
    recipe ?? DEFAULT_RECIPE,
    '--env',
    run.env,
    '--kwargs',
    // As asked for: what is left to chance, each seed settles for itself.
    JSON.stringify(options.kwargs ?? {}),
  ];
  if (options.reward !== undefined) sharedArguments.push('--reward', `${options.reward}`);
  sharedArguments.push('--device', run.device, '--threads', `${run.threads}`);
  sharedArguments.push('--checkpoint-every', `${options.checkpointEvery}`);
  if (options.snapshotEvery !== undefined) sharedArguments.push('--snapshot-every', `${options.snapshotEvery}`);
  if (options.keepBest === true) sharedArguments.push('--keep-best');
  if (options.keepLast === true) sharedArguments.push('--keep-last');
  if (options.logEvery !== undefined) sharedArguments.push('--log-every', `${options.logEvery}`);
  if (options.recordEvery !== undefined) sharedArguments.push('--record-every', `${options.recordEvery}`);
  if (options.stopAfter !== undefined) sharedArguments.push('--stop-after', `${options.stopAfter}`);
  if (run.actors !== undefined) {
    const { actors, steps, lag, epsilonSpread } = run.actors;
    sharedArguments.push('--actors', `${actors}`, '--actor-steps', `${steps}`, '--actor-lag', `${lag}`);
    sharedArguments.push('--actor-spread', `${epsilonSpread}`, '--workers', `${options.workers ?? 0}`);
  }
  if (run.evaluation !== null) {
    const { every, episodes, epsilon, noops } = run.evaluation;
    sharedArguments.push('--eval-every', `${every}`, '--eval-episodes', `${episodes}`);
    sharedArguments.push('--eval-epsilon', `${epsilon}`);
    if (options.evalNoops !== undefined) sharedArguments.push('--eval-noops', `${noops}`);
  }
  for (const [key, value] of Object.entries(options.set ?? {})) {
    sharedArguments.push('--set', `${key}=${JSON.stringify(value)}`);
  }
  await trainAndReport({
    seeds,
    asked: recipe,
    run,
    sharedArguments,
    folder: options.run,
    jobs: options.jobs,
    quiet: options.quiet === true,
    json: options.json === true,
    stop: listenForLoss().stop,
  });
}

/** Options that a job in a queue does not have: the machine that takes it has its own. */
const OF_THIS_MACHINE = [
  ...(['device', 'threads', 'jobs', 'snapshotEvery', 'keepBest', 'keepLast', 'logEvery', 'recordEvery'] as const),
  ...(['stopAfter', 'evalEvery'] as const),
];

/** `train --seeds --queue`. */
async function trainInQueue(
  recipe: string | undefined,
  options: TrainCommandOptions,
  seeds: readonly number[],
  run: ResolvedRun,
  queue: string | true,
): Promise<void> {
  for (const key of OF_THIS_MACHINE) {
    if (options[key] === undefined) continue;
    throw new OptionError(optionName(key), options[key], 'an option without --queue');
  }
  const { trainQueuedSeeds } = await import('./train-queued-seeds.ts');
  const { kwargs = {}, set = {}, reward, store, run: folder, quiet = false, json = false } = options;
  await trainQueuedSeeds({
    ...{ seeds, asked: recipe, recipe: recipe ?? DEFAULT_RECIPE, run, kwargs, store, folder, quiet, json },
    set: reward === undefined ? set : { ...set, rewardBound: reward },
    queue: queue === true ? undefined : queue,
  });
}

import { createHash } from 'node:crypto';
import { resolve as absolute, basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadAlgorithm } from '../algorithms/registry.ts';
import { advise } from '../core/advise.ts';
import { printableJson } from '../core/printable.ts';
import { kindOf, removePath, renamePath } from '../node/files/folder.ts';
import type { TrainingEnd, TrainingJob } from '../node/jobs/training-job.ts';
import { openQueueExecutor } from '../node/queue/open-queue-executor.ts';
import { queueAddress } from '../node/queue/queue-address.ts';
import type { ResolvedRun } from '../node/runs/resolve-run.ts';
import { unusedName } from '../node/runs/run-checkpoints.ts';
import { readBest, readRunConfig } from '../node/runs/run-directory.ts';
import { CONFIG_FILE } from '../node/runs/run-layout.ts';
import { readStatus } from '../node/runs/run-status.ts';
import type { SeedOutcome } from '../node/runs/seed-runs.ts';
import { exitCodeOf, StopRequests, type StopSignal } from '../node/runs/stop-requests.ts';
import type { ObjectStore } from '../node/store/object-store.ts';
import { openStore } from '../node/store/open-store.ts';
import { fetchRun } from '../node/store/stored-run.ts';
import { describeRun } from './describe-training.ts';
import { fact } from './fact.ts';
import { leaveConnections } from './leave-connections.ts';
import { silentOutput, terminalOutput, textWidth } from './terminal.ts';
import { describe, linesOf, listSeeds, reportOn } from './train-seeds.ts';
import { packageVersion } from './version.ts';

export interface TrainQueuedSeedsRequest {
  readonly seeds: readonly number[];
  /** The name that was asked for, if one was. */
  readonly asked: string | undefined;
  readonly recipe: string;
  /** The run that all seeds share, checked already. */
  readonly run: ResolvedRun;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly set: Readonly<Record<string, unknown>>;
  readonly queue: string | undefined;
  readonly store: string | undefined;
  /** Folder that gets the runs as `seedN`; undefined leaves them in the store. */
  readonly folder: string | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** Has all seeds trained by the workers of a queue and reports on them. Killed or stopped and started again it goes on waiting for the
 * same trainings. Sets the exit code as `trainAndReport` does. */
export async function trainQueuedSeeds(request: TrainQueuedSeedsRequest): Promise<void> {
  const { seeds, asked, recipe, run, kwargs, set, folder, quiet, json } = request;
  const address = queueAddress(request.queue);
  const store = await openStore(request.store);
  const { unit } = await loadAlgorithm(run.algorithm);
  const silent = quiet || json;
  const output = silent ? silentOutput : terminalOutput(process.stdout);
  const width = textWidth(process.stdout);
  const say = (lines: readonly string[]) => {
    for (const line of lines) output.line(line);
  };
  const settings = { recipe, env: run.env, kwargs, set };
  const name = nameOf(recipe, folder, settings);
  const executor = await openQueueExecutor({
    ...{ url: request.queue, version: packageVersion() },
    say: (line) => output.line(line),
    onTaken: (id, worker) => output.line(`${id}: trained by ${worker}`),
  });
  let requests: StopRequests | undefined;
  const left = new Promise<StopSignal>((resolve) => {
    requests = new StopRequests({ onStop: resolve });
  });
  try {
    say([
      ...describeRun(run, asked, unit, width, `seeds ${listSeeds(seeds)}`),
      ...fact('queue', address.shown, width),
      ...fact('jobs', `${name}/seed${seeds[0]} …, for workers of the same version on any machine:`, width),
      `  ${advise('worker')}`,
      ...fact('watch', 'from another terminal:', width),
      `  ${advise('queue status')}`,
    ]);
    const steps = new Map<number, number>();
    const { maxSteps, maxIterations } = run.config as { readonly maxSteps?: number; readonly maxIterations?: number };
    const total = seeds.length * (maxSteps ?? maxIterations ?? 1);
    const outcomes = new Map<number, SeedOutcome>();
    const work = seeds.map(async (seed) => {
      const job: TrainingJob = { id: `${name}/seed${seed}`, ...settings, seed, evaluation: null };
      const end = await executor.run(
        job,
        ({ step }) => {
          steps.set(seed, step);
          const done = [...steps.values()].reduce((sum, one) => sum + one, 0);
          output.progress(done, total, `${outcomes.size} of ${seeds.length} seeds`);
        },
        new AbortController().signal,
      );
      const path =
        end.kind === 'ended' && folder !== undefined ? await fetchSeed(store, job.id, folder, seed) : undefined;
      const outcome = outcomeOf(seed, job.id, end, path);
      outcomes.set(seed, outcome);
      say(end.kind === 'stopped' ? [`seed ${seed}: ${outcome.message}`] : linesOf(outcome, width));
    });
    const all = Promise.all(work).then(() => undefined);
    all.catch(() => {});
    const signal = await Promise.race([left, all]);
    output.close();
    if (signal !== undefined) {
      console.error('bellman: The trainings continue without this program. The same command waits for them again.');
      process.exitCode = exitCodeOf(signal);
      return;
    }
    const sorted = seeds.flatMap((seed) => outcomes.get(seed) ?? []);
    const report = reportOn(sorted, seeds.length);
    if (json) console.log(printableJson({ recipe: run.recipe, env: run.env, ...report, seeds: sorted }));
    else for (const line of describe(report, unit)) console.log(line);
    if (sorted.some(({ failed, solved, interrupted }) => failed || interrupted || solved === false))
      process.exitCode = 1;
  } finally {
    requests?.close();
    output.close();
    await executor.close();
    leaveConnections();
  }
}

/** The first part of the jobs' identifiers: the same for the same command, so that nothing is trained twice. */
function nameOf(recipe: string, folder: string | undefined, settings: object): string {
  const name = folder === undefined ? recipe : basename(absolute(folder));
  const clean = name
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^[^A-Za-z0-9_]/, '_')
    .slice(0, 60);
  const hash = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 8);
  return folder === undefined ? `${clean}-${hash}` : clean;
}

/** Brings a run from the store. @returns its folder; undefined where this machine's store has it not. */
async function fetchSeed(store: ObjectStore, id: string, folder: string, seed: number): Promise<string | undefined> {
  const unfinished = join(folder, `.seed${seed}`);
  removePath(unfinished);
  try {
    if ((await fetchRun(store, id, unfinished)) === undefined) return undefined;
    const path = join(folder, `seed${seed}`);
    const fetched = join(unfinished, id);
    if (isSameRun(path, fetched)) return path;
    // Another run of that name stays.
    const free = unusedName(path);
    renamePath(fetched, free);
    return free;
  } finally {
    removePath(unfinished);
  }
}

/** Runs have identifiers of their own, in `config.json`. */
const isSameRun = (path: string, other: string): boolean =>
  kindOf(join(path, CONFIG_FILE)) === 'file' && isDeepStrictEqual(readRunConfig(path), readRunConfig(other));

function outcomeOf(seed: number, id: string, end: TrainingEnd, path: string | undefined): SeedOutcome {
  const status = path === undefined ? undefined : readStatus(path);
  const best = path === undefined ? undefined : readBest(path)?.info['score'];
  const of = { seed, run: path ?? id, stopped: false, failed: false, interrupted: false };
  const none = { step: undefined, solved: null, score: null, seconds: undefined };
  if (end.kind === 'failed') return { ...of, ...none, message: end.message, failed: true };
  if (end.kind === 'stopped')
    return { ...of, ...none, run: undefined, message: 'taken out of the queue', interrupted: true };
  const { step, seconds, solved, score } = end;
  const message = status?.message ?? `${solved === true ? 'Solved' : 'Ended'} at step ${step}.`;
  return { ...of, step, seconds, solved, score: typeof best === 'number' ? best : score, message };
}

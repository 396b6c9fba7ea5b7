import { availableParallelism } from 'node:os';
import { UnavailableError } from '../../core/errors.ts';
import type { Actors } from '../../train/actors/chunk.ts';
import { LocalActors } from '../../train/actors/local-actors.ts';
import { type ActorPoolOptions, PooledActors, WorkerLost } from '../../train/actors/pooled-actors.ts';
import { type ResolvedRun, toJson } from '../runs/resolve-run.ts';
import { createActor } from './create-actor.ts';
import { ProcessWorker } from './process-worker.ts';

/** Processes that play for a learner with a core of its own: no more than have something to do at a time. */
export const usualWorkers = ({ actors }: Pick<ResolvedRun, 'actors'>): number =>
  Math.max(1, Math.min(actors?.actors ?? 1, availableParallelism() - 1));

/** The clock of pools. */
export const poolTimes: Pick<ActorPoolOptions, 'after' | 'now'> = {
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  now: () => performance.now(),
};

/** Plays the chunks of a run on this machine. @param workers processes; 0 plays in this one. */
export async function localPool(run: ResolvedRun, workers: number): Promise<Actors> {
  if (workers === 0) return new LocalActors(await createActor(run));
  const config = toJson(run, '', '');
  try {
    return await PooledActors.create({
      workers,
      // What this program runs, they may run.
      start: () => ProcessWorker.start(config, true),
      ...poolTimes,
    });
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    throw new UnavailableError('A process that plays', `did not start: ${error.message}`, { cause: error });
  }
}

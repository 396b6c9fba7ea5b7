import type { Actors } from '../../train/actors/chunk.ts';
import { type ActorPoolOptions, PooledActors } from '../../train/actors/pooled-actors.ts';
import type { QueueAddress } from '../queue/queue-address.ts';
import { TrainingQueue } from '../queue/training-queue.ts';
import { type ResolvedRun, toJson } from '../runs/resolve-run.ts';
import { ChunkQueue } from './queue-slot.ts';

/** How chunks are played by the workers of a queue. */
export interface QueuePlace {
  readonly address: QueueAddress;
  /** Of this package. */
  readonly version: string;
  /** Default 600. */
  readonly patienceSeconds?: number | undefined;
  /** Default 60. */
  readonly graceSeconds?: number | undefined;
  /** The training is to be saved and ended: what is being played is waited for no longer than a few seconds. */
  readonly stop?: AbortSignal | undefined;
  /** Called when something keeps chunks from being played, and with undefined when the server answers again. */
  readonly onTrouble?: ((message: string | undefined) => void) | undefined;
}

/** Room for the twins of chunks that stragglers have. */
const SPARE = 2;

/** Has the chunks of a run played by the workers of a queue.
 * @throws UnavailableError when its server does not answer. */
export async function queueActors(
  run: ResolvedRun,
  { address, version, patienceSeconds = 600, graceSeconds = 60, stop, onTrouble }: QueuePlace,
  times: Pick<ActorPoolOptions, 'after' | 'now'>,
): Promise<Actors> {
  const queue = await TrainingQueue.open(address);
  const { actors, lag } = run.actors!;
  const config = toJson(run, version, '');
  const chunks = new ChunkQueue({ queue, run: config, version, lag, patienceSeconds, graceSeconds, stop, onTrouble });
  const pool = await PooledActors.create({
    ...times,
    workers: actors + SPARE,
    called: 'queue',
    start: async () => chunks.slot(),
    // A queue whose workers are busy is no straggler's fault.
    leastPatience: 30_000,
  });
  return {
    publish: (version, weights) => pool.publish(version, weights),
    retire: (before) => pool.retire(before),
    play: (chunk) => pool.play(chunk),
    status: () => pool.status(),
    close: async () => {
      await pool.close();
      await chunks.close();
      await queue.close();
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import { advise } from '../../core/advise.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { JsonObject } from '../../runs/json.ts';
import { newRunId } from '../../runs/run-identity.ts';
import { ActorsStopped } from '../../train/actors/actors-stopped.ts';
import type { Chunk, Play } from '../../train/actors/chunk.ts';
import { decodePlay, encodeChunk } from '../../train/actors/chunk-codec.ts';
import { type ChunkWorker, WorkerLost } from '../../train/actors/pooled-actors.ts';
import { checksum } from '../files/checksum.ts';
import { systemClock } from '../files/clock.ts';
import { closeConnection } from '../queue/close-connection.ts';
import { QueueLostError, type TrainingQueue } from '../queue/training-queue.ts';
import { within } from '../queue/within.ts';
import {
  CHUNKS,
  pack,
  type QueuedChunk,
  queuedChunk,
  queuedWeights,
  readQueuedAnswer,
  unpack,
  WEIGHTS,
} from './queued-chunk.ts';
import { heardError } from './told-error.ts';

export interface ChunkQueueOptions {
  readonly queue: TrainingQueue;
  /** `config.json` of the run. */
  readonly run: JsonObject;
  /** Of this package. */
  readonly version: string;
  /** Rounds that weights are played with after they were made. */
  readonly lag: number;
  /** Seconds that a server which is gone is waited for. */
  readonly patienceSeconds: number;
  /** Seconds that a chunk which all present workers refuse waits for another. */
  readonly graceSeconds: number;
  /** Asks to wait no longer than `STOP_MS` for what is being played. */
  readonly stop?: AbortSignal | undefined;
  /** Called when something keeps chunks from being played, and with undefined when the server answers again. */
  readonly onTrouble?: ((message: string | undefined) => void) | undefined;
}

/** Milliseconds between looks at a chunk: rounds take longer. */
const LOOK_MS = 25;
/** Seconds after which what a learner has left, that nobody came back for, is thrown away. */
const KEEP_SECONDS = 24 * 3600;
/** Milliseconds that the server has, at the end, to take out what is left. */
const LEAVE_MS = 2000;
/** Milliseconds for which a round is waited for after a request to stop. */
const STOP_MS = 3000;
/** Seconds after which it is said that no worker takes a chunk. */
const TAKEN_SECONDS = 10;
/** Milliseconds until a server that is gone is asked again. */
const AGAIN_MS = 1000;

/** Hands chunks to the workers of a queue. Weights travel to the server once a version, and from there once to each worker. */
export class ChunkQueue {
  readonly #options: ChunkQueueOptions;
  readonly #chunks: Queue<QueuedChunk, unknown, string>;
  readonly #weights: Queue<unknown, unknown, string>;
  /** Tells this learner's jobs from others'. */
  readonly #session = newRunId();
  readonly #published = new Map<number, Promise<string>>();
  #given = 0;
  /** When the server was found gone, in milliseconds; undefined while it answers. */
  #lostSince: number | undefined;
  #closed = false;
  /** Whether it was said that nobody takes chunks. */
  #saidIdle = false;
  /** Leave the plays that are under way. */
  readonly #leaves = new Set<() => void>();
  /** Whether plays are waited for no longer: some time after a request to stop. */
  #isStopped = false;
  /** Sent to the server and received from it. */
  bytes = 0;

  constructor(options: ChunkQueueOptions) {
    this.#options = options;
    this.#chunks = options.queue.queueOf(CHUNKS);
    this.#weights = options.queue.queueOf(WEIGHTS);
    const leaveAll = () => {
      this.#isStopped = true;
      for (const leave of this.#leaves) leave();
    };
    const stop = () => setTimeout(leaveAll, STOP_MS).unref();
    if (options.stop?.aborted === true) stop();
    else options.stop?.addEventListener('abort', stop, { once: true });
  }

  /** A worker of the queue, whichever: plays one chunk at a time. */
  slot(): ChunkWorker {
    let bytes = 0;
    return {
      play: async (chunk, weights) => {
        const before = this.bytes;
        try {
          return await this.#unlessStopped(this.#play(chunk, weights));
        } finally {
          bytes += this.bytes - before;
        }
      },
      get bytes() {
        return bytes;
      },
      close: async () => {},
    };
  }

  async #play(chunk: Chunk, values: Float32Array): Promise<Play> {
    const { version, graceSeconds } = this.#options;
    const weights = await this.#publish(chunk.version, values);
    const data = queuedChunk({ version, session: this.#session, weights, chunk: pack(encodeChunk(chunk, checksum)) });
    const jobId = `${this.#session}-${chunk.round}-${chunk.actor}-${this.#given++}`;
    this.bytes += data.chunk.length;
    const age = { age: KEEP_SECONDS };
    await this.#insist(() => this.#chunks.add('chunk', data, { jobId, removeOnComplete: age, removeOnFail: age }));
    for (;;) {
      await sleep(LOOK_MS);
      const job = await this.#insist(() => this.#chunks.getJob(jobId));
      if (job === undefined) throw new WorkerLost('its job was taken out of the queue');
      if (job.finishedOn && job.failedReason) throw new WorkerLost(job.failedReason);
      if (!job.finishedOn || job.returnvalue === null || job.returnvalue === undefined) {
        const refusals = Object.entries(job.progress as Readonly<Record<string, string>>);
        const waited = (systemClock() - job.timestamp) / 1000;
        if (refusals.length > 0 && waited > graceSeconds && (await this.#allRefuse(refusals))) {
          const reasons = refusals.map(([worker, lack]) => `${worker} lacks ${lack}`).join('; ');
          throw new UnavailableError('No worker of the queue', `can play a chunk: ${reasons}.`);
        }
        if (refusals.length === 0 && !job.processedOn && waited > TAKEN_SECONDS) this.#sayIdle();
        continue;
      }
      const answer = readQueuedAnswer(job.returnvalue);
      await this.#insist(() => job.remove()).catch(() => {});
      if ('error' in answer) throw heardError(answer.error);
      this.bytes += answer.play.length;
      return decodePlay(unpack(answer.play), checksum);
    }
  }

  /** Whether no worker is left that may yet play it: one that is busy with other chunks says nothing of this one. */
  async #allRefuse(refusals: readonly (readonly [worker: string, lack: string])[]): Promise<boolean> {
    const live = await this.#insist(() => this.#options.queue.workers(this.#chunks));
    return live.every(({ name }) => refusals.some(([refusing]) => refusing === name));
  }

  #sayIdle(): void {
    if (this.#saidIdle) return;
    this.#saidIdle = true;
    const told = `No worker of the queue has taken a chunk for ${TAKEN_SECONDS} seconds. To start one: ${advise('worker')}`;
    this.#options.onTrouble?.(told);
  }

  /** @throws ActorsStopped when that comes first. Promise.race with a promise that outlives the plays would keep what each came to. */
  #unlessStopped(play: Promise<Play>): Promise<Play> {
    return new Promise((resolve, reject) => {
      const leave = () => reject(new ActorsStopped('The round was left, to stop.'));
      if (this.#isStopped) leave();
      this.#leaves.add(leave);
      play.then(resolve, reject).finally(() => this.#leaves.delete(leave));
    });
  }

  /** @returns the job of the weights. */
  #publish(version: number, values: Float32Array): Promise<string> {
    const before = this.#published.get(version);
    if (before !== undefined) return before;
    const jobId = `${this.#session}-w${version}`;
    const data = queuedWeights(this.#options.run, values);
    this.bytes += data.weights.length;
    const published = this.#insist(() => this.#weights.add('weights', data, { jobId })).then(() => jobId);
    this.#published.set(version, published);
    for (const old of this.#published.keys()) {
      // Stragglers' twins may still read those of the round before.
      if (old >= version - this.#options.lag - 2) continue;
      this.#published.delete(old);
      void this.#weights.remove(`${this.#session}-w${old}`).catch(() => {});
    }
    return published;
  }

  /** Asks again while the server is gone. @throws QueueLostError when that lasts too long. */
  async #insist<T>(what: () => Promise<T>): Promise<T> {
    const { queue, patienceSeconds, onTrouble } = this.#options;
    for (;;) {
      const asked = performance.now();
      try {
        const answer = await queue.ask(what);
        if (this.#lostSince !== undefined) onTrouble?.(undefined);
        this.#lostSince = undefined;
        return answer;
      } catch (error) {
        if (!(error instanceof QueueLostError) || this.#closed) throw error;
        // All chunks wait for the same server, from when the first of them asked in vain.
        if (this.#lostSince === undefined && patienceSeconds > 0) {
          onTrouble?.(`${error.message} Asks again for ${patienceSeconds} seconds.`);
        }
        this.#lostSince ??= asked;
        if ((performance.now() - this.#lostSince) / 1000 > patienceSeconds) throw error;
        await sleep(AGAIN_MS);
      }
    }
  }

  /** Takes out what is left of this learner, and what others have left long ago. */
  async close(): Promise<void> {
    this.#closed = true;
    try {
      await within(LEAVE_MS, async () => {
        for (const version of this.#published.keys()) await this.#weights.remove(`${this.#session}-w${version}`);
        await this.#weights.clean(1000 * KEEP_SECONDS, 1000, 'wait');
      });
    } catch {
      // The server is gone: somebody else's close takes them out.
    }
    await Promise.all([this.#chunks, this.#weights].map(closeConnection));
  }
}

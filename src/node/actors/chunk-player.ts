/** A worker's part in trainings that are played by actors: takes chunks from a queue and plays them in processes. */
import type { Job, Queue, Worker } from 'bullmq';
import type { JsonObject } from '../../runs/json.ts';
import { decodeChunk, encodePlay } from '../../train/actors/chunk-codec.ts';
import { WorkerLost } from '../../train/actors/pooled-actors.ts';
import { checksum } from '../files/checksum.ts';
import { closeConnection, closeWorker } from '../queue/close-connection.ts';
import type { TrainingQueue } from '../queue/training-queue.ts';
import { ProcessWorker } from './process-worker.ts';
import {
  CHUNKS,
  pack,
  type QueuedAnswer,
  type QueuedChunk,
  readQueuedChunk,
  readQueuedWeights,
  unpack,
  WEIGHTS,
} from './queued-chunk.ts';
import { toldError } from './told-error.ts';

export interface ChunkPlayerOptions {
  readonly queue: TrainingQueue;
  /** Different from those of all other workers. */
  readonly name: string;
  /** Chunks at the same time. */
  readonly slots: number;
  /** Of this package. */
  readonly version: string;
  /** Whether runs may name code of this machine. */
  readonly allowCode: boolean;
  /** Seconds after which a chunk whose worker says nothing goes to another. */
  readonly leaseSeconds: number;
  /** Called for a learner that is played for from now on, and for one whose chunks are left to others. */
  readonly onEvent: (event: { readonly session: string; readonly env: string; readonly refused?: string }) => void;
}

/** A process that plays for a learner. */
interface Player {
  readonly session: string;
  readonly process: ProcessWorker;
  busy: boolean;
}

/** Mistakes that another worker need not make: it may have the version, the environment or the cartridge. */
const LACKS = /^UNKNOWN_|^UNAVAILABLE$|^BAD_FILE$|^NO_CARTRIDGE$|^MISMATCH$/;

/** Milliseconds for which chunks that are being played are waited for at the end. */
const PLAY_MS = 5000;
/** Milliseconds for which a chunk that was refused is left to others. */
const PUT_OFF_MS = 1000;

export class ChunkPlayer {
  readonly #options: ChunkPlayerOptions;
  readonly #handle: Worker<QueuedChunk, unknown, string>;
  readonly #weights: Queue<unknown, unknown, string>;
  readonly #players: Player[] = [];
  /** The weights that were fetched last, of the learners that are played for. */
  readonly #fetched = new Map<string, Promise<ReturnType<typeof readQueuedWeights> | undefined>>();
  readonly #refused = new Set<string>();

  constructor(options: ChunkPlayerOptions) {
    this.#options = options;
    const { queue, name, slots, leaseSeconds } = options;
    this.#weights = queue.queueOf(WEIGHTS);
    this.#handle = queue.workOn<QueuedChunk>(CHUNKS, name, slots, 1000 * leaseSeconds, (job, token) =>
      this.#process(job, token!),
    );
    // A server that is gone shows elsewhere; the queue asks again by itself.
    this.#handle.on('error', () => {});
  }

  async #process(job: Job<QueuedChunk, unknown, string>, token: string): Promise<QueuedAnswer> {
    const { queue, version } = this.#options;
    let queued: QueuedChunk;
    try {
      queued = readQueuedChunk(job.data);
    } catch (error) {
      throw queue.failure((error as Error).message);
    }
    if (queued.version !== version) {
      return this.#refuse(job, token, queued, '', `version ${queued.version} (it is ${version})`);
    }
    const found = await this.#weightsOf(queued.weights);
    // The learner has gone on: nobody waits for this any more.
    if (found === undefined) throw queue.failure('Its weights are in the queue no more.');
    const chunk = decodeChunk(unpack(queued.chunk), checksum);
    const env = String(found.run['env']);
    let player: Player;
    try {
      player = await this.#playerFor(queued.session, found.run);
    } catch (error) {
      const { code, message } = toldError(error);
      if (error instanceof WorkerLost || (code !== undefined && LACKS.test(code))) {
        return this.#refuse(job, token, queued, env, message);
      }
      return { error: { message, code } };
    }
    try {
      const play = await player.process.play(chunk, found.weights);
      return { play: pack(encodePlay(play, checksum)) };
    } catch (error) {
      if (!(error instanceof WorkerLost)) return { error: toldError(error) };
      this.#drop(player);
      return await queue.giveBack(job, token);
    } finally {
      player.busy = false;
    }
  }

  async #refuse(
    job: Job<QueuedChunk, unknown, string>,
    token: string,
    { session }: QueuedChunk,
    env: string,
    what: string,
  ): Promise<never> {
    const { queue, name, onEvent } = this.#options;
    if (!this.#refused.has(session)) onEvent({ session, env, refused: what });
    this.#refused.add(session);
    const before = (typeof job.progress === 'object' ? job.progress : {}) as Readonly<Record<string, string>>;
    await queue.ask(() => job.updateProgress({ ...before, [name]: what }));
    return await queue.putOff(job, token, PUT_OFF_MS);
  }

  /** Fetched once, however many chunks are played with them. */
  #weightsOf(id: string): Promise<ReturnType<typeof readQueuedWeights> | undefined> {
    const before = this.#fetched.get(id);
    if (before !== undefined) return before;
    const fetched = this.#options.queue
      .ask(() => this.#weights.getJob(id))
      .then((job) => (job === undefined ? undefined : readQueuedWeights(job.data)));
    this.#fetched.set(id, fetched);
    fetched.catch(() => this.#fetched.delete(id));
    // The newest few: of each learner those of two rounds are in use.
    for (const old of this.#fetched.keys()) {
      if (this.#fetched.size <= 2 + 2 * this.#options.slots) break;
      this.#fetched.delete(old);
    }
    return fetched;
  }

  /** A process that is free, of the learner if there is one; one of another learner gives way. */
  async #playerFor(session: string, run: JsonObject): Promise<Player> {
    const own = this.#players.find((player) => !player.busy && player.session === session);
    if (own !== undefined) {
      own.busy = true;
      return own;
    }
    const other = this.#players.find(({ busy }) => !busy);
    if (this.#players.length >= this.#options.slots && other !== undefined) this.#drop(other);
    const process = await ProcessWorker.start(run, this.#options.allowCode);
    if (!this.#players.some((player) => player.session === session)) {
      this.#options.onEvent({ session, env: String(run['env']) });
    }
    const player = { session, process, busy: true };
    this.#players.push(player);
    return player;
  }

  #drop(player: Player): void {
    this.#players.splice(this.#players.indexOf(player), 1);
    void player.process.close();
  }

  /** Plays what it has to its end and closes. */
  async close(): Promise<void> {
    await closeWorker(this.#handle, PLAY_MS);
    await Promise.allSettled([...this.#players.map(({ process }) => process.close()), closeConnection(this.#weights)]);
  }
}

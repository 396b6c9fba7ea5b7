import { UnavailableError } from '../../core/errors.ts';
import type { Actors, Chunk, Play } from './chunk.ts';

/** Plays chunks one after the other, somewhere. */
export interface ChunkWorker {
  /**
   * @param weights of the version that the chunk names.
   * @throws WorkerLost when it is gone; anything else is the training's end.
   */
  play(chunk: Chunk, weights: Float32Array): Promise<Play>;
  /** Bytes sent to it and received from it. */
  readonly bytes: number;
  close(): Promise<void>;
}

/** A worker that died or cannot be reached: what it was playing is given to another. */
export class WorkerLost extends Error {
  override name = 'WorkerLost';
}

export interface ActorPoolOptions {
  readonly workers: number;
  readonly start: () => Promise<ChunkWorker>;
  /** Calls back after so many milliseconds. @returns what takes that back. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
  /** Milliseconds from any fixed moment. */
  readonly now: () => number;
  /** Milliseconds for which a straggler is waited before its chunk is given to an idle worker too. Default: four times what the
   * last chunk took, at least `leastPatience`. */
  readonly patience?: number;
  /** Default 2000. */
  readonly leastPatience?: number;
  /** Who plays, for `status`. Default: so many workers. */
  readonly called?: string;
}

/** A chunk that is to be played, or is. */
interface Task {
  readonly chunk: Chunk;
  readonly resolve: (play: Play) => void;
  readonly reject: (error: unknown) => void;
  /** Workers that play it now. */
  playing: number;
  /** Workers that died of it, or while they had it. */
  lost: number;
  /** When it was last given to a worker. */
  given: number;
  done: boolean;
}

/** Workers that a chunk may lose before it counts as what kills them. */
const MOST_LOST = 3;
const LEAST_PATIENCE = 2000;
const PATIENCE = 4;

/**
 * Shares chunks out among workers that each play one at a time. A worker that dies is replaced and its chunk played again by
 * another; a straggler's is given to an idle one as well, and the first answer counts. As every worker gives the same bits,
 * none of that shows in what is learned.
 */
export class PooledActors implements Actors {
  readonly #options: ActorPoolOptions;
  readonly #weights = new Map<number, Float32Array>();
  readonly #idle: ChunkWorker[] = [];
  readonly #workers = new Set<ChunkWorker>();
  readonly #waiting: Task[] = [];
  readonly #tasks = new Set<Task>();
  #took = 0;
  #bytesOfLost = 0;
  #stopWatching: (() => void) | undefined;
  #closed = false;
  #lastSeen = { time: 0, bytes: 0 };

  private constructor(options: ActorPoolOptions) {
    this.#options = options;
    this.#lastSeen.time = options.now();
  }

  /** @throws what starting a worker throws. */
  static async create(options: ActorPoolOptions): Promise<PooledActors> {
    const pool = new PooledActors(options);
    const started = await Promise.allSettled(Array.from({ length: options.workers }, () => pool.#start()));
    for (const one of started) if (one.status === 'fulfilled') pool.#add(one.value);
    const failed = started.find((one) => one.status === 'rejected');
    if (failed === undefined) return pool;
    await pool.close();
    throw failed.reason;
  }

  /** One that dies while it starts is started again. */
  async #start(): Promise<ChunkWorker> {
    for (let lost = 1; ; lost++) {
      try {
        return await this.#options.start();
      } catch (error) {
        if (!(error instanceof WorkerLost) || lost === MOST_LOST || this.#closed) throw error;
      }
    }
  }

  #add(worker: ChunkWorker): void {
    this.#workers.add(worker);
    this.#idle.push(worker);
  }

  publish(version: number, weights: Float32Array): void {
    this.#weights.set(version, weights);
  }

  retire(before: number): void {
    for (const version of this.#weights.keys()) if (version < before) this.#weights.delete(version);
  }

  play(chunk: Chunk): Promise<Play> {
    return new Promise((resolve, reject) => {
      const task: Task = { chunk, resolve, reject, playing: 0, lost: 0, given: 0, done: false };
      this.#tasks.add(task);
      this.#waiting.push(task);
      this.#share();
    });
  }

  /** Gives chunks to idle workers: those that wait, then those of stragglers. */
  #share(): void {
    while (this.#idle.length > 0 && !this.#closed) {
      const task = this.#waiting.shift() ?? this.#straggler();
      if (task === undefined) break;
      void this.#give(task, this.#idle.shift()!);
    }
    this.#watch();
  }

  /** The chunk that has been played for longest by one worker alone, where that is too long. */
  #straggler(): Task | undefined {
    const late = this.#options.now() - this.#patience;
    const alone = [...this.#tasks].filter((task) => task.playing === 1 && task.given <= late);
    return alone.sort((a, b) => a.given - b.given)[0];
  }

  get #patience(): number {
    return this.#options.patience ?? Math.max(this.#options.leastPatience ?? LEAST_PATIENCE, PATIENCE * this.#took);
  }

  /** Looks again when the next chunk may have become a straggler's. */
  #watch(): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    const alone = [...this.#tasks].filter(({ playing }) => playing === 1).map(({ given }) => given);
    if (this.#closed || this.#idle.length === 0 || alone.length === 0) return;
    const wait = Math.max(1, Math.min(...alone) + this.#patience - this.#options.now());
    this.#stopWatching = this.#options.after(wait, () => this.#share());
  }

  async #give(task: Task, worker: ChunkWorker): Promise<void> {
    const { now } = this.#options;
    const began = now();
    task.playing++;
    task.given = began;
    try {
      const play = await worker.play(task.chunk, this.#weights.get(task.chunk.version)!);
      this.#took = now() - began;
      this.#end(task, () => task.resolve(play));
      this.#idle.push(worker);
    } catch (error) {
      task.playing--;
      if (!(error instanceof WorkerLost)) this.#end(task, () => task.reject(error));
      else await this.#replace(task, worker, error);
    }
    this.#share();
  }

  /** The first answer counts; a second one says the same. */
  #end(task: Task, tell: () => void): void {
    if (task.done) return;
    task.done = true;
    this.#tasks.delete(task);
    tell();
  }

  async #replace(task: Task, worker: ChunkWorker, { message }: WorkerLost): Promise<void> {
    this.#workers.delete(worker);
    this.#bytesOfLost += worker.bytes;
    if (this.#closed) return;
    if (!task.done && ++task.lost >= MOST_LOST) {
      const { actor, round } = task.chunk;
      const what = `The chunk of actor ${actor} in round ${round}`;
      const cure = `was lost with ${MOST_LOST} workers, the last time because: ${message}.`;
      this.#end(task, () => task.reject(new UnavailableError(what, cure)));
    } else if (!task.done && task.playing === 0) this.#waiting.unshift(task);
    try {
      const started = await this.#start();
      if (this.#closed) await started.close();
      else this.#add(started);
    } catch (error) {
      // The others go on; without any, nothing can.
      if (this.#workers.size > 0) return;
      for (const one of [...this.#tasks]) this.#end(one, () => one.reject(error));
      this.#waiting.length = 0;
    }
  }

  /** Bytes sent and received so far. */
  get bytes(): number {
    let bytes = this.#bytesOfLost;
    for (const worker of this.#workers) bytes += worker.bytes;
    return bytes;
  }

  /** Since the last time. */
  status(): string {
    const { bytes } = this;
    const time = this.#options.now();
    const { time: before, bytes: seen } = this.#lastSeen;
    if (time - before > 1000) this.#lastSeen = { time, bytes };
    const rate = (bytes - seen) / Math.max(1, time - before) / 1000;
    const { size } = this.#workers;
    const called = this.#options.called ?? `${size} worker${size === 1 ? '' : 's'}`;
    return `${called}, ${rate.toFixed(1)} MB/s`;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWatching?.();
    await Promise.all([...this.#workers].map((worker) => worker.close()));
  }
}

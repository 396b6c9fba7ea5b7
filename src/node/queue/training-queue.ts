/** A queue of trainings on a server of others: Redis, Valkey or PostgreSQL, by BullMQ. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions, Job, JobsOptions, Processor, Queue, Worker, WorkerOptions } from 'bullmq';
import { UnavailableError } from '../../core/errors.ts';
import { systemClock } from '../files/clock.ts';
import { closeConnection } from './close-connection.ts';
import { loadBullmq, loadPostgresClient, loadRedisClient } from './load-packages.ts';
import { type QueueAddress, withoutSecrets } from './queue-address.ts';
import type { JobProgress, QueuedTraining } from './queued-training.ts';
import { onServersClock } from './server-clock.ts';
import { within } from './within.ts';

/** The server of a queue does not answer, or refuses. */
export class QueueLostError extends UnavailableError {
  override name = 'QueueLostError';
}

export type TrainingQueueJob = Job<QueuedTraining, unknown, string>;

/** Names of the queues, on every server: trainings, and marks that no worker takes. */
const TRAININGS = 'bellman';
const MARKS = 'bellman-marks';
/** Before all names of keys in Redis. PostgreSQL has a schema of BullMQ's own for them. */
const PREFIX = 'bellman';

/** Most milliseconds that a server is waited for, and for its first word: a program that cannot begin says so within 10 seconds. */
const ANSWER_MS = 8000;
const FIRST_ANSWER_MS = 7000;

/** How long what has ended stays in the queue, in seconds. What came of it is in the store for good. */
const KEEP_SECONDS = 7 * 24 * 3600;
/**
 * Times that a job may lose its worker to a kill, or its end to a server that goes down while it is told. One that ends every worker
 * that takes it must not go on for ever; what `failure` made fails it at once.
 */
const MOST_LOSSES = 25;

export type WorkerHandle = Worker<QueuedTraining, unknown, string>;

/** What a worker says of itself to everyone, in the name of its connection: `HOST-PID-SLOTS`. */
export interface LiveWorker {
  readonly name: string;
  readonly slots: number;
}

export class TrainingQueue {
  readonly address: QueueAddress;
  readonly #bullmq: typeof import('bullmq');
  readonly #trainings: Queue<QueuedTraining, unknown, string>;
  readonly #marks: Queue<unknown, unknown, string>;

  private constructor(address: QueueAddress, bullmq: typeof import('bullmq')) {
    this.address = address;
    this.#bullmq = bullmq;
    this.#trainings = this.queueOf(TRAININGS);
    this.#marks = this.queueOf(MARKS);
  }

  /** Another queue of the same server, for other jobs; whoever asks for it closes it. */
  queueOf<T>(name: string): Queue<T, unknown, string> {
    const make = this.#bullmq.Queue as unknown as new (...args: unknown[]) => Queue<T, unknown, string>;
    const queue = new make(name, { connection: connectionOf(this.address), prefix: PREFIX }, this.#backend());
    // What it could not do, each call says itself.
    queue.on('error', () => {});
    return queue;
  }

  /**
   * Opens it once its server has answered.
   * @throws UnavailableError of one line where it does not, within 10 seconds.
   */
  static async open(address: QueueAddress): Promise<TrainingQueue> {
    const bullmq = await loadBullmq();
    try {
      await within(FIRST_ANSWER_MS, (signal) =>
        (address.engine === 'redis' ? greetRedis : greetPostgres)(address, signal),
      );
    } catch (error) {
      throw unreachable(address, error);
    }
    const queue = new TrainingQueue(address, bullmq);
    try {
      await queue.ask(() => queue.#trainings.waitUntilReady());
      await queue.ask(() => queue.#marks.waitUntilReady());
    } catch (error) {
      await queue.close();
      throw error;
    }
    return queue;
  }

  /**
   * Asks the server for something.
   * @throws UnavailableError where there is no answer in time, or an error.
   */
  async ask<T>(what: () => Promise<T>): Promise<T> {
    try {
      return await within(ANSWER_MS, what);
    } catch (error) {
      throw unreachable(this.address, error);
    }
  }

  /** Returns when the server has answered. @throws UnavailableError */
  async greet(): Promise<void> {
    await this.ask(() => this.#trainings.isPaused());
  }

  /** Adds a training; where there is one of its identifier already, nothing. */
  async add(data: QueuedTraining): Promise<void> {
    await this.addAs(data.job.id, data);
  }

  /** The same under any identifier, for what is none of ours. */
  async addAs(id: string, data: QueuedTraining): Promise<void> {
    const options: JobsOptions = {
      jobId: id,
      attempts: MOST_LOSSES,
      removeOnComplete: { age: KEEP_SECONDS },
      removeOnFail: { age: KEEP_SECONDS },
    };
    await this.ask(() => this.#trainings.add('training', data, options));
  }

  find(id: string): Promise<TrainingQueueJob | undefined> {
    return this.ask(() => this.#trainings.getJob(id) as Promise<TrainingQueueJob | undefined>);
  }

  /** @returns whether it is gone: a job that a worker holds stays. */
  async remove(id: string): Promise<boolean> {
    const left = await this.ask(async () => {
      const job = await this.#trainings.getJob(id);
      if (job === undefined) return false;
      try {
        await job.remove();
        return false;
      } catch (error) {
        if (/locked|could not be removed/i.test((error as Error).message)) return true;
        throw error;
      }
    });
    return !left;
  }

  /** Workers that are there now, by the connections that the server has. @param queue default: that of trainings. */
  async workers(queue: Pick<Queue, 'getWorkers'> = this.#trainings): Promise<LiveWorker[]> {
    const clients = await this.ask(() => queue.getWorkers());
    const names = clients.map(({ rawname = '' }) => rawname.slice(rawname.lastIndexOf(':') + 1));
    return [...new Set(names)].sort().map((name) => ({ name, slots: Number(/-(\d+)$/.exec(name)?.[1] ?? 1) }));
  }

  async counts(): Promise<Readonly<Record<'waiting' | 'delayed' | 'active' | 'completed' | 'failed', number>>> {
    const found = await this.ask(() =>
      this.#trainings.getJobCounts('waiting', 'paused' as 'waiting', 'delayed', 'active', 'completed', 'failed'),
    );
    const { waiting = 0, paused = 0, delayed = 0, active = 0, completed = 0, failed = 0 } = found;
    // With PostgreSQL those that wait in a paused queue count as paused.
    return { waiting: waiting + paused, delayed, active, completed, failed };
  }

  jobs(state: 'waiting' | 'delayed' | 'active' | 'failed', most: number): Promise<TrainingQueueJob[]> {
    return this.ask(async () => {
      const jobs = (await this.#trainings.getJobs([state], 0, most - 1, true)) as (TrainingQueueJob | undefined)[];
      return jobs.filter((job) => job !== undefined);
    });
  }

  async logsOf(id: string): Promise<string[]> {
    return (await this.ask(() => this.#trainings.getJobLogs(id))).logs;
  }

  /** @param most lines that are kept. */
  async log(id: string, line: string, most: number): Promise<void> {
    await this.ask(() => this.#bullmq.Job.addJobLog(this.#trainings, id, line, most));
  }

  isPaused(): Promise<boolean> {
    return this.ask(() => this.#trainings.isPaused());
  }

  /** No worker takes a job before `resume`; those that are being worked on go on. */
  pause(): Promise<void> {
    return this.ask(() => this.#trainings.pause());
  }

  resume(): Promise<void> {
    return this.ask(() => this.#trainings.resume());
  }

  /** Takes out all that wait; those that are being worked on go on. @returns how many. */
  async drain(): Promise<number> {
    const { waiting, delayed } = await this.counts();
    // Who waits for them tells by this that they were taken out, and did not get lost.
    const times = (await this.timesDrained()) + 1;
    await this.ask(async () => {
      await this.#marks.remove(DRAINED);
      await this.#marks.add(DRAINED, { times }, { jobId: DRAINED });
      await this.#trainings.drain(true);
    });
    return waiting + delayed;
  }

  timesDrained(): Promise<number> {
    return this.ask(async () => {
      const mark = await this.#marks.getJob(DRAINED);
      return Number((mark?.data as { times?: unknown } | undefined)?.times ?? 0) || 0;
    });
  }

  /** @param leaseMs after which a job whose worker says nothing goes to another. */
  work(
    name: string,
    slots: number,
    leaseMs: number,
    process: Processor<QueuedTraining, unknown, string>,
  ): WorkerHandle {
    return this.workOn(TRAININGS, name, slots, leaseMs, process);
  }

  /** The same for another queue of the same server. */
  workOn<T>(
    queue: string,
    name: string,
    slots: number,
    leaseMs: number,
    process: Processor<T, unknown, string>,
  ): Worker<T, unknown, string> {
    const options: WorkerOptions = {
      connection: connectionOf(this.address),
      prefix: PREFIX,
      name,
      concurrency: slots,
      lockDuration: leaseMs,
      stalledInterval: Math.max(500, leaseMs / 2),
      maxStalledCount: MOST_LOSSES,
      drainDelay: 2,
      runRetryDelay: 1000,
    };
    const make = this.#bullmq.Worker as unknown as new (...args: unknown[]) => Worker<T, unknown, string>;
    return new make(queue, process, options, this.#backend());
  }

  /** Undefined for BullMQ's own, Redis. Its types tell engines apart; all that is used here they share. */
  #backend(): unknown {
    return this.address.engine === 'redis' ? undefined : onServersClock(this.#bullmq.createPostgresBackend);
  }

  /** Leaves a job as it is: it goes to another once its lease is over. */
  leave(): never {
    throw new this.#bullmq.WaitingError();
  }

  /**
   * Gives a job back, for another to take at once; without an answer it is left. What is thrown ends the worker's part.
   * @param holdMs before that: meanwhile this slot takes nothing. Default 0.
   */
  async giveBack(job: Pick<TrainingQueueJob, 'moveToWait'>, token: string, holdMs = 0): Promise<never> {
    await this.ask(() => job.moveToWait(token)).catch(() => {});
    if (holdMs > 0) await sleep(holdMs);
    this.leave();
  }

  /** Gives a job back, to be taken after some time. */
  async putOff(job: Pick<TrainingQueueJob, 'moveToDelayed'>, token: string, ms: number): Promise<never> {
    await this.ask(() => job.moveToDelayed(systemClock() + ms, token)).catch(() => {});
    throw new this.#bullmq.DelayedError();
  }

  /** The error that fails a job for good. */
  failure(message: string): Error {
    return new this.#bullmq.UnrecoverableError(message);
  }

  async say(job: TrainingQueueJob, progress: JobProgress): Promise<void> {
    await this.ask(() => job.updateProgress(progress as unknown as object));
  }

  /** Closes it, whether the server answers or not. */
  async close(): Promise<void> {
    await Promise.all([this.#trainings, this.#marks].map(closeConnection));
  }
}

const DRAINED = 'drained';

/** Milliseconds between attempts to reach the server again. */
const RECONNECT_MS = 1000;

function connectionOf({ engine, url }: QueueAddress): ConnectionOptions {
  return engine === 'redis'
    ? {
        url,
        maxRetriesPerRequest: null,
        keepAlive: 10_000,
        connectTimeout: ANSWER_MS,
        retryStrategy: () => RECONNECT_MS,
      }
    : // BullMQ makes its tables where they are missing.
      ({ connectionString: url, migrate: true, max: 4, connectionTimeoutMillis: ANSWER_MS, keepAlive: true } as object);
}

async function greetRedis({ url }: QueueAddress, signal: AbortSignal): Promise<void> {
  const { Redis } = await loadRedisClient();
  const once = { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 };
  // One that never answers never says goodbye either.
  const client = new Redis(url, { ...once, disconnectTimeout: 100 });
  signal.addEventListener('abort', () => client.disconnect());
  try {
    await new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client
        .connect()
        .then(() => client.ping())
        .then(() => resolve(), reject);
    });
  } finally {
    client.disconnect();
  }
}

async function greetPostgres({ url }: QueueAddress, signal: AbortSignal): Promise<void> {
  const { Client } = (await loadPostgresClient()).default;
  // It lets go of a server that says nothing only then.
  const client = new Client({ connectionString: url, connectionTimeoutMillis: FIRST_ANSWER_MS - 100 });
  client.on('error', () => {});
  const end = () => void client.end().catch(() => {});
  signal.addEventListener('abort', end);
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    end();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNRESET: 'the server closed the connection',
  EHOSTUNREACH: 'there is no way to that host',
  ETIMEDOUT: 'no answer',
  '28P01': 'the password or the user is refused',
  '28000': 'the user is refused',
  '3D000': 'there is no such database',
};

/** @param error of a library: of its text nothing secret is repeated. */
function unreachable(address: QueueAddress, error: unknown): UnavailableError {
  if (error instanceof UnavailableError) return error;
  const { code = '', message = '' } = (error ?? {}) as { readonly code?: string; readonly message?: string };
  const nested = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException)?.code : undefined;
  const password = /WRONGPASS|NOAUTH|invalid password|without any password/i.test(message);
  const reason =
    REASONS[nested ?? code] ??
    (/timeout expired/.test(message) ? 'no answer' : undefined) ??
    (password ? 'the password or the user is refused' : withoutSecrets(address, message.split('\n')[0]!.slice(0, 200)));
  return new QueueLostError(
    `--queue ${address.shown}: ${reason.replace(/\.$/, '')}.`,
    // The same address may be right a moment later.
    /^no answer/.test(reason)
      ? 'Check the address and that the server runs; a busy one may answer another try.'
      : 'Check the address and that the server runs.',
    {
      cause: undefined,
    },
  );
}

import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { MismatchError } from '../../core/errors.ts';
import { systemClock } from '../files/clock.ts';
import type { TrainingEnd, TrainingExecutor, TrainingJob, TrainingReport } from '../jobs/training-job.ts';
import { CRASHED, type QueuedTraining, queuedTraining, readEnd, readProgress } from './queued-training.ts';
import { QueueLostError, type TrainingQueue, type TrainingQueueJob } from './training-queue.ts';

export interface QueueExecutorOptions {
  readonly queue: TrainingQueue;
  /** Of this package. */
  readonly version: string;
  /** Jobs in the queue at the same time; undefined for as many as its workers have slots, now and then counted anew. */
  readonly slots?: number | undefined;
  /** Seconds that a server which is gone is waited for. Default 600. */
  readonly patienceSeconds?: number | undefined;
  /** Milliseconds between looks at a job. Default 500. */
  readonly lookMs?: number | undefined;
  /** Called when the server is gone, and with undefined when it is back. */
  readonly onTrouble?: ((message: string | undefined) => void) | undefined;
  /** Called when a job is taken by a worker, or by another one. */
  readonly onTaken?: ((id: string, worker: string) => void) | undefined;
}

/** Slots of a queue that has no worker yet: its jobs wait there. */
const SLOTS_WITHOUT_WORKERS = 4;
/** Seconds for which a job's worker is waited for after it was asked to stop. */
const STOP_SECONDS = 180;

/**
 * Hands trainings to the workers of a queue, and waits for them. All that it knows is in the queue: killed and started again it goes on
 * with the same jobs, and one that is there already is not added again.
 */
export class QueueExecutor implements TrainingExecutor {
  readonly #options: QueueExecutorOptions;
  #slots: number;
  readonly #counting: NodeJS.Timeout | undefined;
  #lostSince: number | undefined;
  #closed = false;

  private constructor(options: QueueExecutorOptions, slots: number) {
    this.#options = options;
    this.#slots = slots;
    if (options.slots === undefined) this.#counting = setInterval(() => void this.#count(), 5000).unref();
  }

  /** @throws QueueLostError */
  static async open(options: QueueExecutorOptions): Promise<QueueExecutor> {
    return new QueueExecutor(options, options.slots ?? (await slotsOf(options.queue)));
  }

  get slots(): number {
    return this.#slots;
  }

  /** Rejects when the queue is gone for too long, or has a job of that name with other settings. */
  async run(job: TrainingJob, onReport: (report: TrainingReport) => void, stop: AbortSignal): Promise<TrainingEnd> {
    const { version, lookMs = 500, onTaken } = this.#options;
    const data = queuedTraining(job, version);
    let drained = await this.#insist((queue) => this.#begin(queue, data));
    let step = 0;
    let worker: string | undefined;
    let asked: number | undefined;
    const report = (found: TrainingQueueJob) => {
      const progress = readProgress(found.progress);
      if (progress?.kind !== 'trains') return;
      if (progress.worker !== worker) onTaken?.(job.id, progress.worker);
      worker = progress.worker;
      for (const one of progress.reports) {
        if (one.step <= step) continue;
        step = one.step;
        onReport(one);
      }
    };
    for (;;) {
      const found = await this.#insist((queue) => queue.find(job.id));
      if (found === undefined) {
        const times = await this.#insist((queue) => queue.timesDrained());
        // Taken out by people; where the server lost it, and with it how often it was drained, it is put there again.
        if (times > drained || asked !== undefined) return { kind: 'stopped', step };
        drained = await this.#insist((queue) => this.#begin(queue, data));
        continue;
      }
      report(found);
      if (found.finishedOn !== undefined) return endOf(found);
      if (stop.aborted && asked === undefined) {
        asked = systemClock();
        await this.#insist((queue) => askToStop(queue, found));
        continue;
      }
      if (asked !== undefined && systemClock() - asked > 1000 * STOP_SECONDS) return { kind: 'stopped', step };
      if (this.#closed) return { kind: 'stopped', step };
      await sleep(lookMs);
    }
  }

  /** Leaves what the workers have to them. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#counting);
    await this.#options.queue.close();
  }

  /** Puts a job into the queue, unless it is there. @returns how often the queue was drained so far. */
  async #begin(queue: TrainingQueue, data: QueuedTraining): Promise<number> {
    const drained = await queue.timesDrained();
    const there = await queue.find(data.job.id);
    if (there !== undefined) {
      const { job } = there.data;
      if (!isDeepStrictEqual(JSON.parse(JSON.stringify(data.job)), job)) {
        throw new MismatchError(`The queue has a job ${data.job.id} with other settings. Give this one another name.`);
      }
      // One that was stopped or failed, or that another version did not do, is done anew: from its checkpoint, where it has one.
      const over = there.finishedOn !== undefined && endOf(there).kind !== 'ended';
      const older = there.data.version !== data.version || there.data.stop === true;
      if (over || older) await queue.remove(data.job.id);
    }
    await queue.add(data);
    return drained;
  }

  async #count(): Promise<void> {
    const slots = await slotsOf(this.#options.queue).catch(() => undefined);
    if (slots !== undefined) this.#slots = slots;
  }

  /** Tries again while the server is gone. @throws QueueLostError when it is so for too long. */
  async #insist<T>(what: (queue: TrainingQueue) => Promise<T>): Promise<T> {
    const { queue, patienceSeconds = 600, onTrouble } = this.#options;
    for (let attempt = 0; ; attempt++) {
      try {
        const result = await what(queue);
        if (this.#lostSince !== undefined) onTrouble?.(undefined);
        this.#lostSince = undefined;
        return result;
      } catch (error) {
        if (!(error instanceof QueueLostError) || this.#closed) throw error;
        if (this.#lostSince === undefined) onTrouble?.(error.message);
        this.#lostSince ??= systemClock();
        if (systemClock() - this.#lostSince > 1000 * patienceSeconds) throw error;
        await sleep(Math.min(5000, 250 * 2 ** attempt));
      }
    }
  }
}

async function slotsOf(queue: TrainingQueue): Promise<number> {
  const workers = await queue.workers();
  return workers.reduce((sum, { slots }) => sum + slots, 0) || SLOTS_WITHOUT_WORKERS;
}

/** What a job that is over came to. */
function endOf({ failedReason, returnvalue }: TrainingQueueJob): TrainingEnd {
  // One that was tried again has the reason for that still.
  if (!failedReason || (returnvalue ?? null) !== null) return readEnd(returnvalue);
  // The engine's own word for a job whose workers were lost again and again.
  const crashed = failedReason.startsWith(CRASHED) || /stalled/.test(failedReason);
  const message = failedReason.startsWith(CRASHED) ? failedReason.slice(CRASHED.length) : failedReason;
  return { kind: 'failed', message, cause: crashed ? 'crashed' : undefined };
}

async function askToStop(queue: TrainingQueue, job: TrainingQueueJob): Promise<void> {
  if (await queue.remove(job.data.job.id)) return;
  await queue.ask(() => job.updateData({ ...job.data, stop: true }));
}

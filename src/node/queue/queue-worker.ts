/** Takes trainings from a queue and runs them, until it is asked to stop or its server or store is gone for too long. */
import { join } from 'node:path';
import { UnavailableError, WriteError } from '../../core/errors.ts';
import { systemClock } from '../files/clock.ts';
import { removePath } from '../files/folder.ts';
import { GrowingLines } from '../files/growing-lines.ts';
import { LENGTHS } from '../jobs/advance-run.ts';
import type { TrainingEnd, TrainingExecutor, TrainingJob, TrainingReport } from '../jobs/training-job.ts';
import { listCheckpoints } from '../runs/run-checkpoints.ts';
import { LINES_FILE } from '../runs/run-layout.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { ClaimLostError, StoredRun, storedEnd } from '../store/stored-run.ts';
import { reportSteps } from '../tune/trial-reports.ts';
import { closeWorker } from './close-connection.ts';
import {
  asksToStop,
  CRASHED,
  type QueuedTraining,
  type Refusals,
  readProgress,
  readQueuedTraining,
} from './queued-training.ts';
import { SentReports } from './sent-reports.ts';
import { QueueLostError, type TrainingQueue, type TrainingQueueJob, type WorkerHandle } from './training-queue.ts';
import { within } from './within.ts';
import { type Abilities, judge } from './worker-abilities.ts';

/** Something that a worker tells people. */
export type WorkerEvent =
  | { readonly kind: 'begins'; readonly id: string; readonly step: number | undefined }
  | { readonly kind: 'ended'; readonly id: string; readonly end: TrainingEnd; readonly before: boolean }
  | { readonly kind: 'refuses'; readonly id: string; readonly what: string }
  | { readonly kind: 'gives back'; readonly id: string; readonly why: string }
  | { readonly kind: 'trouble'; readonly message: string }
  | { readonly kind: 'back' };

export interface QueueWorkerOptions {
  readonly queue: TrainingQueue;
  readonly store: ObjectStore;
  /** Different from those of all other workers; letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  readonly slots: number;
  readonly abilities: Abilities;
  /** Folder for the runs that are being worked on, this worker's own. */
  readonly work: string;
  /** Runs one training below a folder. */
  readonly executorIn: (folder: string) => TrainingExecutor;
  /** Seconds after which a job whose worker says nothing goes to another. */
  readonly leaseSeconds: number;
  /** Seconds that a server or a store that is gone is waited for. */
  readonly patienceSeconds: number;
  /** Seconds that a job which all present workers refuse waits for another. */
  readonly graceSeconds: number;
  readonly onEvent: (event: WorkerEvent) => void;
}

/** Milliseconds that a worker's connections have to close. */
const CLOSE_MS = 2000;
/** Milliseconds that the server has to hear that no more is taken. */
const PAUSE_MS = 2000;
/** Milliseconds between looks at what runs. */
const LOOK_MS = 500;
/** Milliseconds in which a worker leaves a job that it has refused before to others. */
const PASS_ON_MS = 500;
/** Lines of a run's log that the queue has. */
const MOST_LINES = 20;

/** Why a training is asked to save and end. */
type StopReason = 'shutdown' | 'asked' | 'lost';

export class QueueWorker {
  readonly #options: QueueWorkerOptions;
  readonly #handle: WorkerHandle;
  readonly #running = new Map<string, AbortController>();
  readonly #parts = new Set<Promise<unknown>>();
  readonly #look: NodeJS.Timeout;
  /** When, by `performance.now`, jobs that were refused before were given back at once. */
  readonly #passedOn = new Map<string, number>();
  #attempts = 0;
  /** When the server answered last. */
  #contact = systemClock();
  #looking = false;
  #lost = false;
  #stopping = false;
  /** Whether it has given up, and waits for `stop`. */
  #unable = false;
  #giveUp!: (error: Error) => void;
  /** Rejects when it cannot go on: `stop` is to be called. */
  readonly failure: Promise<never>;

  constructor(options: QueueWorkerOptions) {
    this.#options = options;
    this.failure = new Promise((_, reject) => {
      this.#giveUp = reject;
    });
    this.failure.catch(() => {});
    const { queue, name, slots, leaseSeconds } = options;
    this.#handle = queue.work(name, slots, 1000 * leaseSeconds, (job, token) => {
      const part = this.#process(job, token!);
      this.#parts.add(part);
      const done = () => this.#parts.delete(part);
      part.then(done, done);
      return part;
    });
    // What it says here, looking at the server says too.
    this.#handle.on('error', () => {});
    this.#handle.on('lockRenewalFailed', (ids) => {
      for (const id of ids) this.#running.get(id)?.abort('lost' satisfies StopReason);
    });
    this.#look = setInterval(() => void this.#lookAround(), LOOK_MS);
  }

  /** Asks all trainings to save and end, gives their jobs back and closes. */
  async stop(): Promise<void> {
    this.#stopping = true;
    // Without its server neither of these comes to an end.
    await within(PAUSE_MS, () => this.#handle.pause(true)).catch(() => {});
    for (const attempt of this.#running.values()) attempt.abort('shutdown' satisfies StopReason);
    await Promise.allSettled(this.#parts);
    clearInterval(this.#look);
    await closeWorker(this.#handle, CLOSE_MS, this.#lost);
  }

  /** Whether the server answers, and how long it has not. */
  async #lookAround(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const { queue, onEvent, patienceSeconds } = this.#options;
    try {
      await queue.greet();
      this.#contact = systemClock();
      if (this.#lost) onEvent({ kind: 'back' });
      this.#lost = false;
    } catch (error) {
      if (!this.#lost) onEvent({ kind: 'trouble', message: (error as Error).message });
      this.#lost = true;
      const gone = (systemClock() - this.#contact) / 1000;
      if (gone > patienceSeconds) {
        const kept = 'What was trained is in the store: start the worker again to resume.';
        this.#giveUp(new UnavailableError(`${queue.address.shown} has not answered for ${Math.round(gone)} s.`, kept));
      }
    } finally {
      this.#looking = false;
    }
  }

  /** @returns what the job came to. Throws what BullMQ takes as another end of it. */
  async #process(job: TrainingQueueJob, token: string): Promise<unknown> {
    const { queue, onEvent } = this.#options;
    const id = job.id ?? '';
    // Taken while the queue was told to hand out no more.
    if (this.#unable) return await queue.giveBack(job, token);
    let queued: QueuedTraining;
    try {
      queued = readQueuedTraining(job.data);
      if (queued.job.id !== id) throw new Error('The job is no training of this program: its identifier is another.');
    } catch (error) {
      throw queue.failure((error as Error).message);
    }
    const attempt = new AbortController();
    if (this.#stopping) attempt.abort('shutdown' satisfies StopReason);
    this.#running.set(id, attempt);
    let end: TrainingEnd;
    try {
      const done = await storedEnd(this.#options.store, queued.job, queued.version);
      if (done !== undefined) {
        onEvent({ kind: 'ended', id, end: done, before: true });
        return done;
      }
      const verdict = await judge(queued, this.#options.abilities);
      if (verdict.kind === 'lacks') return await this.#refuse(job, token, verdict.what);
      if (verdict.kind === 'wrong') throw queue.failure(verdict.message);
      if (queued.stop) return { kind: 'stopped', step: 0 };
      end = await this.#train(job, queued.job, attempt);
    } catch (error) {
      if (error instanceof ClaimLostError || error instanceof QueueLostError) return this.#leave(id, error.message);
      // The store's trouble or the disk's, not the job's.
      if (error instanceof WriteError) return await this.#giveBackAndEnd(job, token, unwritable(error.message));
      if (error instanceof UnavailableError) return await this.#giveBackAndEnd(job, token, error);
      throw isEndOfPart(error) ? error : queue.failure((error as Error).message);
    } finally {
      this.#running.delete(id);
    }
    if (end.kind === 'failed' && end.cause === 'unwritable') {
      return await this.#giveBackAndEnd(job, token, unwritable(end.message));
    }
    if (end.kind === 'failed') {
      onEvent({ kind: 'ended', id, end, before: false });
      throw queue.failure(end.cause === 'crashed' ? `${CRASHED}${end.message}` : end.message);
    }
    if (end.kind === 'stopped' && attempt.signal.reason !== 'asked') {
      if (attempt.signal.reason === 'lost') return this.#leave(id, 'another worker may have it');
      onEvent({ kind: 'gives back', id, why: 'asked to stop' });
      return await queue.giveBack(job, token);
    }
    onEvent({ kind: 'ended', id, end, before: false });
    return end;
  }

  /** This machine cannot go on, with whatever job. */
  async #giveBackAndEnd(job: TrainingQueueJob, token: string, error: Error): Promise<never> {
    const { queue, onEvent } = this.#options;
    onEvent({ kind: 'gives back', id: job.id ?? '', why: error.message });
    this.#giveUp(error);
    this.#unable = true;
    // Else it would take the same job again.
    await within(PAUSE_MS, () => this.#handle.pause(true)).catch(() => {});
    return await queue.giveBack(job, token);
  }

  #leave(id: string, why: string): never {
    this.#options.onEvent({ kind: 'gives back', id, why });
    return this.#options.queue.leave();
  }

  /** Trains in a folder of this attempt's own: an earlier one's training may still be saving. */
  async #train(queueJob: TrainingQueueJob, job: TrainingJob, attempt: AbortController): Promise<TrainingEnd> {
    const { store, name, work, executorIn, onEvent } = this.#options;
    const stored = await StoredRun.claim(store, job, name);
    const folder = join(work, `${++this.#attempts}`);
    const step = await stored.restore(folder);
    onEvent({ kind: 'begins', id: job.id, step });
    const run = join(folder, job.id);
    const reports = new SentReports(comparedSteps(job));
    const lines = new GrowingLines(join(run, LINES_FILE));
    let heard = 0;
    let said = -1;
    const hear = (report: TrainingReport) => {
      heard++;
      reports.add(report);
    };
    let published = step ?? -1;
    /** Looks, one after the other. */
    let looking: Promise<void> | undefined;
    let trouble: unknown;
    const tell = async () => {
      if (heard === said) return;
      said = heard;
      await this.#options.queue.say(queueJob, { kind: 'trains', worker: name, reports: reports.all });
    };
    const look = async () => {
      const newest = listCheckpoints(run)[0]?.step ?? -1;
      if (newest > published) {
        await stored.publish(folder, newest);
        published = newest;
        trouble = undefined;
      }
      await tell();
      for (const line of lines.read().slice(-MOST_LINES)) await this.#options.queue.log(job.id, line, MOST_LINES);
      const now = await this.#options.queue.find(job.id);
      if (now !== undefined && asksToStop(now.data)) attempt.abort('asked' satisfies StopReason);
    };
    const timer = setInterval(() => {
      looking ??= look()
        .catch((error: unknown) => {
          if (error instanceof ClaimLostError) attempt.abort('lost' satisfies StopReason);
          // A store may have room again later; a queue that is gone says so elsewhere.
          else if (error instanceof WriteError && trouble === undefined)
            onEvent({ kind: 'trouble', message: error.message });
          if (error instanceof WriteError) trouble = error;
        })
        .finally(() => {
          looking = undefined;
        });
    }, LOOK_MS);
    const executor = executorIn(folder);
    let end: TrainingEnd;
    try {
      end = await executor.run(job, hear, attempt.signal);
    } finally {
      clearInterval(timer);
      await looking;
      // What came since the last look, before the job is over.
      await tell().catch(() => {});
      await executor.close();
    }
    if (end.kind === 'ended')
      await this.#insist(folder, () => stored.finish(folder, end as Extract<TrainingEnd, { kind: 'ended' }>));
    const newest = listCheckpoints(run)[0]?.step ?? -1;
    if (end.kind === 'stopped' && newest > published) await this.#insist(folder, () => stored.publish(folder, newest));
    removePath(folder);
    return end;
  }

  /** Tries again while the store is in trouble. @throws what it says when that lasts too long; the run then stays where it is. */
  async #insist(folder: string, what: () => Promise<void>): Promise<void> {
    const { patienceSeconds, onEvent } = this.#options;
    const began = systemClock();
    for (let attempt = 0; ; attempt++) {
      try {
        return await what();
      } catch (error) {
        if (!(error instanceof WriteError || error instanceof UnavailableError)) throw error;
        const gone = (systemClock() - began) / 1000;
        if (gone > patienceSeconds || this.#stopping) {
          throw new UnavailableError(error.message, `The training is kept in ${folder}.`, { cause: error });
        }
        if (attempt === 0) onEvent({ kind: 'trouble', message: error.message });
        await new Promise((resolve) => setTimeout(resolve, Math.min(10_000, 500 * 2 ** attempt)));
      }
    }
  }

  /** Leaves a job to others, or fails it where none of those that are there can do it. */
  async #refuse(job: TrainingQueueJob, token: string, what: string): Promise<never> {
    const { queue, name, graceSeconds, onEvent } = this.#options;
    const now = systemClock();
    const said = readProgress(job.progress);
    const before: { readonly refusals: Refusals; readonly since: number } =
      said?.kind === 'refused' ? said : { refusals: {}, since: now };
    if (before.refusals[name] === undefined) onEvent({ kind: 'refuses', id: job.id!, what });
    const refusals: Refusals = { ...before.refusals, [name]: what };
    await queue.say(job, { kind: 'refused', refusals, since: before.since });
    const waited = (now - before.since) / 1000;
    if (waited >= graceSeconds) {
      const live = await queue.workers();
      if (live.every((worker) => refusals[worker.name] !== undefined)) {
        const reasons = Object.entries(refusals).map(([worker, lack]) => `${worker} lacks ${lack}`);
        throw queue.failure(`No worker can do it: ${reasons.join('; ')}`);
      }
    }
    if (before.refusals[name] !== undefined) {
      // It may have been quicker than one that can do it: that one has a moment to be first, whichever slot of this one has the job.
      const now = performance.now();
      const passed = this.#passedOn.get(job.id!) ?? now;
      const left = PASS_ON_MS - (now - passed);
      if (left > 0) {
        // Those that another one has taken since do not come back to be crossed out.
        for (const [id, at] of this.#passedOn) if (now - at > 100 * PASS_ON_MS) this.#passedOn.delete(id);
        this.#passedOn.set(job.id!, passed);
        return await queue.giveBack(job, token, left);
      }
      this.#passedOn.delete(job.id!);
    }
    // Soon enough for others, and ever more rarely for this one.
    return await queue.putOff(job, token, 1000 * Math.min(30, Math.max(1, waited / 2)));
  }
}

/** @param message of a `WriteError`. */
const unwritable = (message: string): UnavailableError =>
  new UnavailableError(message, 'Make room, or mend what may be written, and start the worker again.');

/** What a queue throws to end a worker's part of a job without ending the job. */
const isEndOfPart = (error: unknown): boolean =>
  error instanceof Error && ['WaitingError', 'DelayedError', 'UnrecoverableError'].includes(error.name);

/** Steps at which a study compares a training; none where its length is the recipe's. */
function comparedSteps({ set }: TrainingJob): readonly number[] {
  const length = LENGTHS.map((key) => set[key]).find((value) => typeof value === 'number');
  return length === undefined ? [] : reportSteps(length);
}

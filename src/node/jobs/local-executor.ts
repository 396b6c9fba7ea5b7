import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { parseMetricsLine } from '../../log/jsonl.ts';
import { removePath } from '../files/folder.ts';
import { GrowingLines } from '../files/growing-lines.ts';
import { type ChildEnd, type RunChild, runChild } from '../runs/child-programs.ts';
import { CHECKPOINTS_FOLDER, METRICS_FILE } from '../runs/run-layout.ts';
import { readStatus } from '../runs/run-status.ts';
import { type Broken, playFinalModel, trainToEnd } from './advance-run.ts';
import { noteScore, placeAt, type RunPlace, readRecord, secondsOf } from './run-place.ts';
import type { TrainingEnd, TrainingExecutor, TrainingJob, TrainingReport } from './training-job.ts';

export interface LocalExecutorOptions {
  /** Below which the runs of the jobs are. */
  readonly folder: string;
  /** Trainings at the same time. */
  readonly slots: number;
  readonly device: string;
  /** For the networks of a training. */
  readonly threads: number;
  readonly checkpointEverySeconds: number;
  /** Whether jobs may name code of this machine in runs that were begun elsewhere. Default false. */
  readonly allowCode?: boolean | undefined;
  /** Starts the program again with other arguments. Default: as this one was started. */
  readonly start?: typeof runChild | undefined;
}

/** Milliseconds that a training has to save and end. */
const STUCK_MS = 120_000;
/** Milliseconds between looks at what a training has logged. */
const LOOK_MS = 500;

/** What is noted of a job that ended. */
type NotedEnd = Omit<Extract<TrainingEnd, { kind: 'ended' }>, 'kind'>;

/**
 * Runs each training in a process of this machine: this program started again, in the run `FOLDER/ID`. What it came to is noted beside
 * the run, so that a job that ended is not run again. A child notices when this program is gone, saves and ends.
 */
export class LocalExecutor implements TrainingExecutor {
  readonly slots: number;
  readonly #options: LocalExecutorOptions;
  readonly #running = new Set<Promise<ChildEnd>>();
  readonly #closing = new AbortController();

  constructor(options: LocalExecutorOptions) {
    this.#options = options;
    this.slots = options.slots;
  }

  async run(job: TrainingJob, onReport: (report: TrainingReport) => void, stop: AbortSignal): Promise<TrainingEnd> {
    const place = this.#placeOf(job);
    const noted = readRecord(place.file).score;
    const reports = new Reports(place, onReport);
    if (noted !== undefined) {
      reports.look();
      return { kind: 'ended', ...(noted as unknown as NotedEnd) };
    }
    const run: RunChild = (args) => this.#start(args, stop);
    const broken = await this.#watched(reports, () =>
      trainToEnd({
        place,
        seed: job.seed,
        run,
        trainingArguments: (next) => this.#trainingArguments(job, place, next),
        stop,
      }),
    );
    if (broken?.kind === 'failed' && broken.cause === 'crashed' && stop.aborted) {
      return { kind: 'stopped', step: readStatus(place.run)?.step ?? 0 };
    }
    if (broken !== undefined) return endOf(broken);
    const status = readStatus(place.run)!;
    let score = reports.last;
    if (job.evaluation !== null) {
      const end = await playFinalModel(place, run, (model) => [
        ...playArguments(model, job.evaluation!),
        ...this.#code,
      ]);
      if (end.kind !== 'played') return endOf(end);
      const { returns } = end.played;
      score = returns.reduce((sum, value) => sum + value, 0) / returns.length;
    }
    const hasBound = (status.progress?.bound ?? null) !== null;
    const solved = status.state === 'solved' || (hasBound ? false : null);
    const end: NotedEnd = { step: status.step, seconds: secondsOf(place), solved, score };
    noteScore(place, { ...end });
    return { kind: 'ended', ...end };
  }

  /** Removes the checkpoints of a job's run, which may take much room: it is not gone on with. */
  forget(job: TrainingJob): void {
    removePath(join(this.#placeOf(job).run, CHECKPOINTS_FOLDER));
  }

  /** Asks what still runs to save and end, and waits for it. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
  }

  #placeOf({ id }: TrainingJob): RunPlace {
    return placeAt(join(this.#options.folder, id));
  }

  async #start(args: readonly string[], stop: AbortSignal): Promise<ChildEnd> {
    const signal = AbortSignal.any([stop, this.#closing.signal]);
    if (signal.aborted)
      return { code: null, signal: 'SIGINT', problem: undefined, errorCode: undefined, stdout: '', stderr: '' };
    const { start = runChild } = this.#options;
    const children = new Set<ChildProcess>();
    let last: NodeJS.Timeout | undefined;
    const onStop = () => {
      for (const child of children) child.kill('SIGINT');
      // One that does not heed is stuck, and goes without saving: its last checkpoint is there.
      last = setTimeout(() => {
        for (const child of children) child.kill('SIGKILL');
      }, STUCK_MS);
    };
    signal.addEventListener('abort', onStop);
    const end = start(args, children);
    this.#running.add(end);
    try {
      return await end;
    } finally {
      this.#running.delete(end);
      clearTimeout(last);
      signal.removeEventListener('abort', onStop);
    }
  }

  /** Reports what is logged while `work` goes on. */
  async #watched<T>(reports: Reports, work: () => Promise<T>): Promise<T> {
    const timer = setInterval(() => reports.look(), LOOK_MS);
    try {
      return await work();
    } finally {
      clearInterval(timer);
      reports.look();
    }
  }

  get #code(): readonly string[] {
    return this.#options.allowCode === true ? ['--allow-code'] : [];
  }

  #trainingArguments(job: TrainingJob, { run }: RunPlace, next: 'begin' | 'resume'): string[] {
    const { device, threads, checkpointEverySeconds } = this.#options;
    const machine = ['--device', device, '--threads', `${threads}`];
    const usual = [...machine, '--keep-last', '--checkpoint-every', `${checkpointEverySeconds}`, '--json'];
    if (next === 'resume') return ['train', '--resume', run, ...usual, ...this.#code];
    const set = Object.entries(job.set).flatMap(([key, value]) => ['--set', `${key}=${JSON.stringify(value)}`]);
    const environment = ['--env', job.env, '--kwargs', JSON.stringify(job.kwargs)];
    return ['train', job.recipe, ...environment, ...set, '--seed', `${job.seed}`, '--run', run, ...usual];
  }
}

function playArguments(model: string, evaluation: NonNullable<TrainingJob['evaluation']>): string[] {
  const { episodes, epsilon, seed } = evaluation;
  return ['eval', model, '--episodes', `${episodes}`, '--epsilon', `${epsilon}`, '--seed', `${seed}`, '--json'];
}

const endOf = (broken: Broken): TrainingEnd =>
  broken.kind === 'stopped'
    ? { kind: 'stopped', step: broken.step ?? 0 }
    : { kind: 'failed', message: broken.message, cause: broken.cause };

/**
 * Every mean return that a run has logged, in the order of its steps. A resumed run logs some of them again, with the same values:
 * they are not reported twice.
 */
class Reports {
  readonly #lines: GrowingLines;
  readonly #place: RunPlace;
  readonly #onReport: (report: TrainingReport) => void;
  /** The last mean; null before the first. */
  last: number | null = null;
  #generation = 0;
  /** The last step that was reported. */
  #step = -1;
  /** The last step that was reported before the log was cut. */
  #stepBefore = -1;

  constructor(place: RunPlace, onReport: (report: TrainingReport) => void) {
    this.#place = place;
    this.#lines = new GrowingLines(join(place.run, METRICS_FILE));
    this.#onReport = onReport;
  }

  look(): void {
    const lines = this.#lines.read();
    if (this.#lines.generation > this.#generation) {
      this.#generation = this.#lines.generation;
      this.#stepBefore = this.#step;
    }
    if (lines.length === 0) return;
    const seconds = secondsOf(this.#place);
    for (const line of lines) {
      const row = parseMetricsLine(line);
      const score = row?.values['reward_mean'] ?? row?.values['reward'];
      if (row === undefined || score === undefined) continue;
      this.last = score;
      if (row.step <= this.#stepBefore) continue;
      this.#step = row.step;
      this.#onReport({ step: row.step, seconds, score });
    }
  }
}

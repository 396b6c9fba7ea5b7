import { type Summary, summarize } from '../../stats/summary.ts';
import type { Settings } from '../../tune/search-space.ts';
import type { TrainingExecutor } from '../jobs/training-job.ts';
import { refuseWriteFailure } from './refuse-write-failure.ts';
import { jobOf } from './run-trial.ts';
import { EVALUATION } from './settle-study.ts';
import { Slots } from './slots.ts';
import type { StudySettings } from './study-settings.ts';

/** A training with a fresh seed. */
export interface Retraining {
  readonly seed: number;
  /** Of the final model: mean return of whole episodes. */
  readonly score: number | null;
  /** Units until the mean was above the bound; null where it never was, or there is none. */
  readonly steps: number | null;
  readonly minutes: number;
}

export interface Retrained {
  readonly name: string;
  readonly settings: Settings;
  readonly runs: readonly Retraining[];
  /** Trainings that failed, each with its seed and the reason. */
  readonly failed: readonly { readonly seed: number; readonly message: string }[];
}

export interface RetrainOptions {
  readonly settings: StudySettings;
  /** What is compared, each with the name of its folder among the runs. */
  readonly compared: readonly { readonly name: string; readonly folder: string; readonly settings: Settings }[];
  readonly count: number;
  readonly executor: TrainingExecutor;
  /** Folder of the runs, and the beginning of their jobs' names. */
  readonly name: string;
  /** Episodes whose mean the bound is for. */
  readonly window: number;
  readonly onProgress: (done: number, total: number, note: string) => void;
  readonly stop: AbortSignal;
}

/** Seeds that no trial had: from 100 on, or behind the largest of the trials'. */
export function freshSeeds({ seeds }: Pick<StudySettings, 'seeds'>, count: number): number[] {
  const first = Math.max(99, ...seeds) + 1;
  return Array.from({ length: count }, (_, i) => first + i);
}

/**
 * Trains settings again with seeds that no trial had: the best of many trials is partly the luckiest. What was trained before is not
 * trained again. @returns undefined where it was stopped.
 */
export async function retrain(options: RetrainOptions): Promise<Retrained[] | undefined> {
  const { settings, compared, count, executor, name, window, onProgress, stop } = options;
  const evaluated = { ...settings, evaluation: settings.evaluation ?? { ...EVALUATION } };
  const slots = new Slots(() => executor.slots);
  const halt = new AbortController();
  const signal = AbortSignal.any([stop, halt.signal]);
  const results = compared.map(({ name: one, folder, settings: chosen }) => ({
    ...{ name: one, folder, settings: chosen },
    runs: [] as Retraining[],
    failed: [] as { seed: number; message: string }[],
  }));
  const total = compared.length * count;
  const shares = new Map<string, number>();
  let done = 0;
  const tell = () => {
    const work = [...shares.values()].reduce((sum, share) => sum + share, done);
    onProgress(work, total, [`${done} of ${total} retrained`, ...shares.keys()].join(' | '));
  };
  // A seed of each before the next seed, so that a study that is stopped here has compared something.
  const tasks = freshSeeds(settings, count).flatMap((seed) => results.map((result) => ({ seed, result })));
  const one = async ({ seed, result }: (typeof tasks)[number]): Promise<void> => {
    await slots.acquire();
    try {
      if (signal.aborted) return;
      const job = jobOf(evaluated, result.settings, `${name}/${result.folder}`, seed);
      const label = `${result.name} seed ${seed}`;
      let steps: number | null = null;
      let rows = 0;
      shares.set(label, 0);
      const onReport = ({ step, score }: { step: number; score: number | null }) => {
        shares.set(label, Math.min(1, step / settings.steps));
        rows++;
        if (steps === null && settings.bound !== null && score !== null && rows >= window && score > settings.bound) {
          steps = step;
        }
        tell();
      };
      let end = await executor.run(job, onReport, signal);
      if (end.kind === 'failed' && end.cause === 'crashed' && !signal.aborted) {
        [steps, rows] = [null, 0];
        end = await executor.run(job, onReport, signal);
      }
      shares.delete(label);
      if (end.kind === 'stopped') return;
      refuseWriteFailure(end);
      done++;
      tell();
      if (end.kind === 'failed') {
        result.failed.push({ seed, message: end.message });
        return;
      }
      // Whoever ends at its bound says so itself, to the step.
      const reached = end.solved === null ? steps : end.solved ? end.step : null;
      result.runs.push({ seed, score: end.score, steps: reached, minutes: end.seconds / 60 });
      executor.forget?.(job);
    } catch (error) {
      halt.abort();
      throw error;
    } finally {
      slots.release();
    }
  };
  const settled = await Promise.allSettled(tasks.map(one));
  const rejected = settled.find((result) => result.status === 'rejected');
  if (rejected !== undefined) throw rejected.reason;
  const whole = results.every(({ runs, failed }) => runs.length + failed.length === count);
  if (!whole) return undefined;
  for (const { runs } of results) runs.sort((a, b) => a.seed - b.seed);
  return results;
}

/** Means over the seeds; steps of those that reached the bound. */
export function summaryOf({ runs }: Retrained): {
  readonly score: Summary | undefined;
  readonly steps: Summary | undefined;
  readonly minutes: Summary | undefined;
  readonly reached: number;
} {
  const of = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? undefined : summarize(known);
  };
  const steps = of(runs.map((run) => run.steps));
  return {
    score: of(runs.map(({ score }) => score)),
    steps,
    minutes: of(runs.map(({ minutes }) => minutes)),
    reached: steps?.n ?? 0,
  };
}

import type { Settings } from '../../tune/search-space.ts';
import { EVALUATION_SEED } from '../jobs/advance-run.ts';
import type { TrainingEnd, TrainingExecutor, TrainingJob } from '../jobs/training-job.ts';
import { refuseWriteFailure } from './refuse-write-failure.ts';
import type { Slots } from './slots.ts';
import type { Objective, StudySettings } from './study-settings.ts';
import { REPORTS, reportSteps, TrialReports } from './trial-reports.ts';

/** What a seed of a trial came to. */
export interface SeedResult {
  readonly seed: number;
  readonly score: number | null;
  readonly steps: number;
  readonly minutes: number;
  /** Whether it reached the bound; null where there is none. */
  readonly reached: boolean | null;
}

export type TrialEnd =
  | { readonly kind: 'complete'; readonly value: number; readonly seeds: readonly SeedResult[] }
  | { readonly kind: 'pruned'; readonly value: number; readonly step: number }
  | { readonly kind: 'failed'; readonly message: string }
  /** On request; it goes on from where it was. */
  | { readonly kind: 'stopped' };

/** What a seed that did not reach the bound counts as: so many times what it used (PAR2, as in algorithm configuration). */
export const PENALTY = 2;

/** A seed's part of the objective; null where it has none, as no episode ended. */
export function worthOf(
  objective: Objective,
  { score, steps, minutes, reached }: SeedResult,
  most: number,
): number | null {
  if (objective === 'score') return score;
  const used = objective === 'steps' ? (reached === true ? steps : most) : minutes;
  return reached === true ? used : PENALTY * used;
}

export interface TrialWork {
  readonly settings: StudySettings;
  /** Of the trial, of the space's keys. */
  readonly chosen: Settings;
  /** Folder of its runs below the study's, and the beginning of its jobs' names. */
  readonly id: string;
  /** The last step that was reported before, by a program that was broken off; 0 for none. */
  readonly reported: number;
  readonly executor: TrainingExecutor;
  readonly slots: Slots;
  /** Whether its seeds take turns where there is no room for all, so that they can be compared at equal steps. */
  readonly takesTurns: boolean;
  /** Notes a report. @returns whether the trial is to be stopped. */
  readonly report: (step: number, value: number) => Promise<boolean>;
  /** Notes the end, while the last slot is still held: what is chosen next knows of it. */
  readonly settle: (end: TrialEnd) => Promise<void>;
  readonly onStep: (share: number) => void;
  readonly stop: AbortSignal;
  /** What is known to be its end already, which was not noted. */
  readonly over?: TrialEnd;
}

/** The job of a seed. */
export function jobOf(settings: StudySettings, chosen: Settings, id: string, seed: number): TrainingJob {
  const { recipe, env, kwargs, set, evaluation } = settings;
  return {
    id: `${id}/seed${seed}`,
    recipe,
    env,
    kwargs,
    set: { ...set, ...chosen },
    seed,
    evaluation: evaluation === null ? null : { ...evaluation, seed: EVALUATION_SEED + seed },
  };
}

/** Steps after which seeds take turns: doubling, as each turn costs the start of a program. */
const turnsOf = (steps: number): number[] => {
  const grid = reportSteps(steps);
  return [1, 2, 4, 8].flatMap((i) => (i < REPORTS ? (grid[i - 1] ?? []) : []));
};

/** Trains the seeds of a trial, as far as there is room at the same time. Asks for room for all of them at once, before it waits. */
export async function runTrial(work: TrialWork): Promise<void> {
  const { settings, executor, slots, stop, onStep } = work;
  const { seeds, steps, objective } = settings;
  const jobs = seeds.map((seed) => jobOf(settings, work.chosen, work.id, seed));
  const reports = new TrialReports(steps, seeds.length, work.reported);
  const over = new AbortController();
  const ends: (Extract<TrainingEnd, { kind: 'ended' }> | undefined)[] = seeds.map(() => undefined);
  let broken = work.over;
  if (broken !== undefined) over.abort();
  let reporting: Promise<void> = Promise.resolve();
  let left = seeds.length;
  const finish = (end: TrialEnd): void => {
    broken ??= end;
    over.abort();
  };
  const takeReports = (): void => {
    for (const { step, mean } of reports.take()) {
      const value = objective === 'score' ? mean : -mean;
      reporting = reporting.then(async () => {
        if (broken !== undefined) return;
        if (await work.report(step, value)) finish({ kind: 'pruned', value, step });
      });
      // Whoever settles the trial hears of it.
      reporting.catch(() => over.abort());
    }
  };
  const turns = work.takesTurns ? turnsOf(steps) : [];
  const train = async (i: number): Promise<void> => {
    let retries = 1;
    for (;;) {
      await slots.acquire();
      if (stop.aborted || over.signal.aborted) return;
      const turn = turns.find((step) => step > reports.stepOf(i));
      const pause = new AbortController();
      reports.restart(i);
      const end = await executor.run(
        jobs[i],
        ({ step, score }) => {
          if (score === null) return;
          reports.add(i, step, score);
          takeReports();
          onStep(shareOf(reports, seeds.length, steps));
          if (turn !== undefined && step > turn && slots.waiting > 0) pause.abort();
        },
        AbortSignal.any([stop, over.signal, pause.signal]),
      );
      if (end.kind === 'ended') {
        ends[i] = end;
        reports.end(i, end.step);
        takeReports();
        return;
      }
      if (end.kind === 'stopped' && (stop.aborted || over.signal.aborted)) return;
      refuseWriteFailure(end);
      if (end.kind === 'failed') {
        if (end.cause !== 'crashed' || retries-- === 0) return finish({ kind: 'failed', message: end.message });
      } else if (!pause.signal.aborted) {
        // Somebody else stopped it: so is the trial.
        return finish({ kind: 'stopped' });
      }
      slots.release();
    }
  };
  const one = async (i: number): Promise<void> => {
    try {
      await train(i);
    } catch (error) {
      over.abort();
      throw error;
    } finally {
      // The last one keeps its room until the trial is settled.
      if (--left > 0) slots.release();
    }
  };
  const results = await Promise.allSettled(seeds.map((_, i) => one(i)));
  try {
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    await reporting;
    await work.settle(broken ?? endOf(settings, ends));
  } finally {
    slots.release();
  }
  if (broken?.kind !== 'stopped' && !stop.aborted) for (const job of jobs) executor.forget?.(job);
}

function endOf(
  settings: StudySettings,
  ends: readonly (Extract<TrainingEnd, { kind: 'ended' }> | undefined)[],
): TrialEnd {
  if (ends.includes(undefined)) return { kind: 'stopped' };
  const seeds = ends.map((end, i): SeedResult => {
    const { step, seconds, score, solved } = end!;
    return { seed: settings.seeds[i], score, steps: step, minutes: seconds / 60, reached: solved };
  });
  const worths = seeds.map((seed) => worthOf(settings.objective, seed, settings.steps));
  if (worths.includes(null)) return { kind: 'failed', message: 'No episode ended: there is no score.' };
  const value = worths.reduce((sum: number, worth) => sum + worth!, 0) / worths.length;
  return { kind: 'complete', value, seeds };
}

const shareOf = (reports: TrialReports, seeds: number, steps: number): number => {
  let done = 0;
  for (let i = 0; i < seeds; i++) done += Math.min(1, reports.stepOf(i) / steps);
  return done / seeds;
};

/**
 * One number for many runs on many tasks, as Agarwal et al. 2021 ("Deep reinforcement learning at the edge of the statistical
 * precipice", section 4) recommend and compare them. `x[m][n]` is the score of run n of the M tasks' task m.
 */
import { type BootstrapOptions, bootstrapIntervals, type Interval } from './bootstrap.ts';
import { quantile } from './quantile.ts';
import { checkTaskScores, type TaskScores } from './task-scores.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean over the tasks of their runs' mean: (1/M) sum_m mean_n x[m][n]. One task with large scores decides it. */
export function meanOfTasks(scores: TaskScores): number {
  checkTaskScores(scores);
  return mean(scores.map(mean));
}

/** Median over the tasks of their runs' mean: median_m mean_n x[m][n]. Half of the tasks could score 0 and it would not move. */
export function medianOfTasks(scores: TaskScores): number {
  checkTaskScores(scores);
  return quantile(scores.map(mean).sort(byValue), 0.5);
}

/**
 * Mean of the middle half of all runs of all tasks together: sorted, a quarter of them (rounded down) is left out at each end. Where
 * tasks differ in the number of their runs, those with more weigh more.
 */
export function interquartileMean(scores: TaskScores): number {
  checkTaskScores(scores);
  const all = scores.flat().sort(byValue);
  const left = Math.floor(0.25 * all.length);
  return mean(all.slice(left, all.length - left));
}

/**
 * How far runs stay below a score that is good enough: gamma - mean min(x, gamma) over all runs of all tasks. The lower the better.
 * @param gamma what is good enough: 1 is human, of human-normalised scores.
 */
export function optimalityGap(scores: TaskScores, gamma = 1): number {
  checkTaskScores(scores);
  return gamma - mean(scores.flat().map((score) => Math.min(score, gamma)));
}

/** A number with its interval. */
export interface Estimate {
  readonly value: number;
  /** Undefined where a task has one run alone: nothing is known of how far its runs lie apart. */
  readonly interval: Interval | undefined;
}

export interface ScoreAggregates {
  readonly median: Estimate;
  readonly interquartileMean: Estimate;
  readonly mean: Estimate;
  readonly optimalityGap: Estimate;
}

/** All aggregates of a table of scores, with their stratified bootstrap intervals from the same resamples. */
export function aggregateScores(scores: TaskScores, options: BootstrapOptions): ScoreAggregates {
  const all = (one: TaskScores): number[] => [
    medianOfTasks(one),
    interquartileMean(one),
    meanOfTasks(one),
    optimalityGap(one),
  ];
  const values = all(scores);
  const known = scores.every((runs) => runs.length > 1);
  const intervals = known ? bootstrapIntervals([scores], ([resampled]) => all(resampled), options) : [];
  const [median, middle, average, gap] = values.map((value, i): Estimate => ({ value, interval: intervals[i] }));
  return { median, interquartileMean: middle, mean: average, optimalityGap: gap };
}

function byValue(a: number, b: number): number {
  return a - b;
}

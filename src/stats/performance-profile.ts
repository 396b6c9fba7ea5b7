import { OptionError } from '../core/errors.ts';
import { type BootstrapOptions, bootstrapIntervals, type Interval } from './bootstrap.ts';
import { checkTaskScores, type TaskScores } from './task-scores.ts';

/**
 * Performance profile, or score distribution (Agarwal et al. 2021, Eq. 3): the share of all runs of all tasks whose score is above tau,
 * (1/M) sum_m (1/N) sum_n 1[x[m][n] > tau], where the tasks have as many runs each. A curve above another one everywhere is the better
 * algorithm; the area under it from 0 on is the mean.
 * @param taus where to look.
 * @returns the share at each tau.
 * @throws OptionError for a tau that is no number, or scores that are none.
 */
export function performanceProfile(scores: TaskScores, taus: ArrayLike<number>): Float64Array {
  checkTaskScores(scores);
  const all = Float64Array.from(scores.flat()).sort();
  return Float64Array.from(taus, (tau) => {
    if (typeof tau !== 'number' || Number.isNaN(tau)) throw new OptionError('taus', tau, 'numbers');
    return (all.length - countUpTo(all, tau)) / all.length;
  });
}

export interface ProfileBand {
  /** The share of runs above each tau. */
  readonly share: Float64Array;
  /** Pointwise interval at each tau. */
  readonly intervals: readonly Interval[];
}

/** A performance profile with its stratified bootstrap intervals. */
export function performanceProfileBand(
  scores: TaskScores,
  taus: ArrayLike<number>,
  options: BootstrapOptions,
): ProfileBand {
  const intervals = bootstrapIntervals([scores], ([resampled]) => performanceProfile(resampled, taus), options);
  return { share: performanceProfile(scores, taus), intervals };
}

/** Number of values of a sorted array that are at most `bound`. */
function countUpTo(sorted: Float64Array, bound: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle] <= bound) from = middle + 1;
    else to = middle;
  }
  return from;
}

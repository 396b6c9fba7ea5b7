import { SavedState } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';

/** Added to variances before they divide. */
const EPSILON = 1e-8;

/**
 * Mean and sample variance of all that was seen so far, each element for itself, in doubles (Welford 1962, "Note on a method
 * for calculating corrected sums of squares and products"). Before there are two samples the variance is 1.
 */
export class RunningVariance implements Restorable {
  count = 0;
  readonly mean: Float64Array;
  /** Sums of squared distances from the mean. */
  readonly #squares: Float64Array;

  constructor(size: number) {
    this.mean = new Float64Array(size);
    this.#squares = new Float64Array(size);
  }

  /** @param sample [size] */
  add(sample: ArrayLike<number>): void {
    this.count++;
    const { mean, count } = this;
    for (let i = 0; i < mean.length; i++) {
      const before = sample[i]! - mean[i]!;
      mean[i]! += before / count;
      this.#squares[i]! += before * (sample[i]! - mean[i]!);
    }
  }

  /** 1 / standard deviation of an element. */
  scale(i: number): number {
    const variance = this.count < 2 ? 1 : this.#squares[i]! / (this.count - 1);
    return 1 / Math.sqrt(variance + EPSILON);
  }

  /** Brings a sample to mean 0 and variance 1. @param out [size], overwritten; may be the sample. */
  standardize(sample: ArrayLike<number>, out: Float32Array): void {
    const { mean } = this;
    for (let i = 0; i < mean.length; i++) out[i] = (sample[i]! - mean[i]!) * this.scale(i);
  }

  saveState(): Snapshot {
    return { count: this.count, mean: this.mean.slice(), squares: this.#squares.slice() };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'statistics');
    this.count = saved.whole('count');
    saved.into('mean', this.mean, -Number.MAX_VALUE, Number.MAX_VALUE);
    saved.into('squares', this.#squares, 0, Number.MAX_VALUE);
  }
}

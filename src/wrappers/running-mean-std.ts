import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';

/**
 * Mean and variance of everything seen so far, each element for itself (Chan, Golub and LeVeque 1979, "Updating formulae
 * and a pairwise algorithm for computing sample variances"; Gymnasium's `RunningMeanStd`, in its precision).
 */
export class RunningMeanStd {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Samples so far; starts just above zero, as in Gymnasium. */
  count = 1e-4;
  readonly #round: (x: number) => number;
  readonly #roundSamples: (x: number) => number;

  /** @param single whether all is in single precision.
   * @param singleSamples whether sums over the rows of one update are, as NumPy's are over float32. */
  constructor(size: number, single = false, singleSamples = single) {
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
    this.#round = single ? Math.fround : exact;
    this.#roundSamples = singleSamples ? Math.fround : exact;
  }

  /** Takes in rows of samples.
   * @param rows [n, size] row-major. */
  update(rows: ArrayLike<number>): void {
    const round = this.#round;
    const roundSamples = this.#roundSamples;
    const { mean, variance } = this;
    const size = mean.length;
    const n = rows.length / size;
    const total = this.count + n;
    for (let i = 0; i < size; i++) {
      const batchMean =
        n === 1
          ? roundSamples(rows[i])
          : roundSamples(columnSum(n, size === 1, roundSamples, (k) => rows[k * size + i]) / n);
      const square = (k: number): number => {
        const away = roundSamples(rows[k * size + i] - batchMean);
        return roundSamples(away * away);
      };
      const batchVariance = n === 1 ? 0 : roundSamples(columnSum(n, size === 1, roundSamples, square) / n);
      const delta = round(batchMean - mean[i]);
      mean[i] = round(mean[i] + round(round(delta * n) / round(total)));
      const own = round(variance[i] * round(this.count));
      const between = round(round(round(round(delta * delta) * round(this.count)) * n) / round(total));
      variance[i] = round(round(round(own + roundSamples(batchVariance * n)) + between) / round(total));
    }
    this.count = total;
  }

  /** Shifts and scales rows to mean 0 and variance 1.
   * @param rows [n, size] row-major. Read only.
   * @param epsilon added to variances.
   * @param out [n, size], overwritten. */
  standardize(rows: ArrayLike<number>, epsilon: number, out: Float32Array): void {
    const round = this.#round;
    const { mean, variance } = this;
    const size = mean.length;
    for (let i = 0; i < size; i++) {
      const deviation = round(Math.sqrt(round(variance[i] + round(epsilon))));
      for (let k = i; k < out.length; k += size) out[k] = round(rows[k] - mean[i]) / deviation;
    }
  }

  saveState(): Snapshot {
    return { mean: this.mean.slice(), variance: this.variance.slice(), count: this.count };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'statistics');
    saved.into('mean', this.mean);
    saved.into('variance', this.variance, 0, Number.MAX_VALUE);
    this.count = saved.finite('count', 0);
  }
}

const exact = (x: number): number => x;

/**
 * Sum of `n` numbers in NumPy's order: one after the other along an outer axis; along the last axis in eight running sums
 * (`pairwise`), of blocks of at most 128.
 */
function columnSum(
  n: number,
  pairwise: boolean,
  round: (x: number) => number,
  at: (k: number) => number,
  from = 0,
): number {
  if (!pairwise || n < 8) {
    let sum = 0;
    for (let k = from; k < from + n; k++) sum = round(sum + at(k));
    return sum;
  }
  if (n > 128) {
    const half = (n >> 1) - ((n >> 1) % 8);
    return round(columnSum(half, true, round, at, from) + columnSum(n - half, true, round, at, from + half));
  }
  const sums = Array.from({ length: 8 }, (_, k) => at(from + k));
  const whole = n - (n % 8);
  for (let k = 8; k < whole; k++) sums[k % 8] = round(sums[k % 8] + at(from + k));
  const pair = (k: number) => round(sums[k] + sums[k + 1]);
  let sum = round(round(pair(0) + pair(2)) + round(pair(4) + pair(6)));
  for (let k = whole; k < n; k++) sum = round(sum + at(from + k));
  return sum;
}

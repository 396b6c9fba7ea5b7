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

  /** @param single whether sums are kept in single precision. */
  constructor(size: number, single = false) {
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
    this.#round = single ? Math.fround : (x) => x;
  }

  /** Takes in rows of samples.
   * @param rows [n, size] row-major. */
  update(rows: ArrayLike<number>): void {
    const round = this.#round;
    const { mean, variance } = this;
    const size = mean.length;
    const n = rows.length / size;
    const total = this.count + n;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum = round(sum + rows[k * size + i]);
      const batchMean = round(sum / n);
      let squares = 0;
      for (let k = 0; k < n; k++) {
        const away = round(rows[k * size + i] - batchMean);
        squares = round(squares + round(away * away));
      }
      const batchVariance = round(squares / n);
      const delta = round(batchMean - mean[i]);
      mean[i] = round(mean[i] + round(round(delta * n) / round(total)));
      const own = round(variance[i] * round(this.count));
      const between = round(round(round(round(delta * delta) * round(this.count)) * n) / round(total));
      variance[i] = round(round(round(own + round(batchVariance * n)) + between) / round(total));
    }
    this.count = total;
  }

  saveState(): Snapshot {
    return { mean: this.mean.slice(), variance: this.variance.slice(), count: this.count };
  }

  restoreState(state: Snapshot): void {
    const saved = state as { mean: Float64Array; variance: Float64Array; count: number };
    this.mean.set(saved.mean);
    this.variance.set(saved.variance);
    this.count = saved.count;
  }
}

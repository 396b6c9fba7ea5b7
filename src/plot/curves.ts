import { studentT975, summarize } from '../stats/summary.ts';

/** Points of one run: `x` never falls. */
export interface Series {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** How far the runs of a group lie apart: the standard deviation, the 95 % interval of the mean, or lowest to highest. */
export type Spread = 'std' | 'ci' | 'range' | 'none';

/** Several runs as one line with a band. All arrays have the length of `x`. */
export interface Band {
  readonly x: readonly number[];
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Each value becomes the mean of itself and the `window - 1` before it, or of as many as there are.
 * @param window at least 1, which changes nothing. */
export function smooth({ x, y }: Series, window: number): Series {
  let sum = 0;
  const means = y.map((value, i) => {
    sum += value;
    if (i >= window) sum -= y[i - window];
    return sum / Math.min(i + 1, window);
  });
  return { x, y: means };
}

/** A series' value at `at`, on the straight line between its points; beyond its ends the nearest point's. */
export function valueAt({ x, y }: Series, at: number): number {
  let low = 0;
  let high = x.length - 1;
  if (at <= x[low]) return y[low];
  if (at >= x[high]) return y[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  return y[low] + ((y[high] - y[low]) * (at - x[low])) / (x[high] - x[low]);
}

/**
 * Mean and spread of runs over a common axis, from where the last of them begins to where the last one ends. A run that
 * ended before keeps its last value: it stopped because it was good enough.
 * @param series at least one, none of them empty.
 * @param points of the axis; a single run keeps its own.
 */
export function aggregate(series: readonly Series[], spread: Spread, points = 240): Band {
  const [only] = series;
  if (series.length === 1) return { x: only.x, mean: only.y, low: only.y, high: only.y };
  const from = Math.max(...series.map(({ x }) => x[0]));
  const to = Math.max(from, ...series.map(({ x }) => x[x.length - 1]));
  const count = to > from ? points : 1;
  const x = Array.from({ length: count }, (_, i) => from + ((to - from) * i) / Math.max(1, count - 1));
  const mean: number[] = [];
  const low: number[] = [];
  const high: number[] = [];
  for (const at of x) {
    const { n, mean: middle, std, min, max } = summarize(series.map((one) => valueAt(one, at)));
    mean.push(middle);
    const half = spread === 'std' ? std : spread === 'ci' ? (studentT975(n - 1) * std) / Math.sqrt(n) : 0;
    low.push(spread === 'range' ? min : middle - half);
    high.push(spread === 'range' ? max : middle + half);
  }
  return { x, mean, low, high };
}

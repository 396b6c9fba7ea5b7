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
  /** Up to here at least half of the runs have points of their own; beyond it most keep their last value. */
  readonly solidTo?: number;
}

/** Larger numbers than any that is measured: differences of them could leave the doubles. */
const TOO_LARGE = 1e300;

/** The points whose coordinates are both numbers that can be drawn: no NaN, no infinity, no text. */
export function finitePoints({ x, y }: Series): Series {
  const drawable = (value: unknown) => typeof value === 'number' && Math.abs(value) < TOO_LARGE;
  if (x.every(drawable) && y.every(drawable)) return { x, y };
  const at = Array.from(x, (_, i) => i).filter((i) => drawable(x[i]) && drawable(y[i]));
  return { x: at.map((i) => x[i]), y: at.map((i) => y[i]) };
}

/**
 * Each value becomes the mean of itself and the `window - 1` before it, or of as many as there are. Points that cannot be drawn
 * are left out first.
 *
 * A window is the end of one block of `window` values and the beginning of the next, so two running sums, one from each
 * end of the blocks, are enough (van Herk 1992). Nothing is subtracted: large values leave no rounding behind.
 * @param window at least 1, which changes nothing.
 */
export function smooth(series: Series, window: number): Series {
  const { x, y } = finitePoints(series);
  if (window <= 1) return { x, y };
  const before: number[] = [];
  const after: number[] = new Array(y.length);
  for (let i = 0; i < y.length; i++) before.push(i % window === 0 ? y[i] : before[i - 1] + y[i]);
  for (let i = y.length - 1; i >= 0; i--) {
    after[i] = i === y.length - 1 || (i + 1) % window === 0 ? y[i] : y[i] + after[i + 1];
  }
  const means = y.map((_, i) => {
    if (i < window) return before[i] / (i + 1);
    const from = i - window + 1;
    return (from % window === 0 ? before[i] : after[from] + before[i]) / window;
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
 * ended before keeps its last value: it stopped because it was good enough. The band stays between the lowest and the highest
 * value of all runs: no score was beyond them.
 * @param series at least one, none of them empty.
 * @param points of the axis; a single run keeps its own.
 */
export function aggregate(series: readonly Series[], spread: Spread, points = 240): Band {
  const [only] = series;
  if (series.length === 1) return { x: only.x, mean: only.y, low: only.y, high: only.y };
  const from = Math.max(...series.map(({ x }) => x[0]));
  const ends = series.map(({ x }) => x[x.length - 1]).sort((a, b) => b - a);
  const to = Math.max(from, ends[0]);
  const count = to > from ? points : 1;
  const x = Array.from({ length: count }, (_, i) => from + ((to - from) * i) / Math.max(1, count - 1));
  const [lowest, highest] = extent(series.map(({ y }) => y));
  const mean: number[] = [];
  const low: number[] = [];
  const high: number[] = [];
  for (const at of x) {
    const { n, mean: middle, std, min, max } = summarize(series.map((one) => valueAt(one, at)));
    mean.push(middle);
    const half = spread === 'std' ? std : spread === 'ci' ? (studentT975(n - 1) * std) / Math.sqrt(n) : 0;
    low.push(spread === 'range' ? min : Math.max(lowest, middle - half));
    high.push(spread === 'range' ? max : Math.min(highest, middle + half));
  }
  return { x, mean, low, high, solidTo: Math.max(from, ends[Math.ceil(series.length / 2) - 1]) };
}

/** Lowest and highest of all values; [Infinity, -Infinity] without any. */
export function extent(all: Iterable<readonly number[]>): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of all) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

/**
 * The vertical range that shows curves without their outliers: nine tenths of the axis, and as much again above and below where
 * values are. A learner's first tests may be a million times worse than all that follow; they leave the frame.
 * @param curves at least one; none empty.
 */
export function typicalRange(curves: readonly Series[]): [low: number, high: number] {
  const [lowest, highest] = extent(curves.map(({ y }) => y));
  const samples = curves.flatMap((curve) => evenly(curve, 200)).sort((a, b) => a - b);
  const low = samples[Math.floor(0.05 * (samples.length - 1))];
  const high = samples[Math.ceil(0.95 * (samples.length - 1))];
  const slack = Math.max(high - low, Math.abs(low), Math.abs(high));
  return [Math.max(lowest, low - slack), Math.min(highest, high + slack)];
}

/** Values at so many places of its axis, evenly spaced. */
function evenly(series: Series, count: number): number[] {
  const [first, last] = [series.x[0], series.x[series.x.length - 1]];
  return Array.from({ length: count }, (_, i) => valueAt(series, first + ((last - first) * i) / (count - 1)));
}

/**
 * Fewer points with the same picture: of the points that share a column of pixels the first, the lowest, the highest and the
 * last (Jugel et al. 2014, "M4").
 * @param columns pixels of the axis.
 * @param position of an x on the axis, 0 to 1.
 * @returns the indices of the points that are left, rising.
 */
export function visibleIndices({ x, y }: Series, columns: number, position: (x: number) => number): number[] {
  if (x.length <= 4 * columns) return Array.from(x, (_, i) => i);
  const left: number[] = [];
  for (let from = 0; from < x.length; ) {
    const column = Math.floor(position(x[from]) * columns);
    let [lowest, highest, to] = [from, from, from];
    for (; to < x.length && Math.floor(position(x[to]) * columns) === column; to++) {
      if (y[to] < y[lowest]) lowest = to;
      if (y[to] > y[highest]) highest = to;
    }
    for (const i of [from, Math.min(lowest, highest), Math.max(lowest, highest), to - 1]) {
      if (i !== left[left.length - 1]) left.push(i);
    }
    from = to;
  }
  return left;
}

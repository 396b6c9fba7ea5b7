import { bandAt, halfEnded, type Spread } from './seed-band.ts';
import { windowMeans } from './smoothing.ts';

/** Points of one run: `x` never falls. */
export interface Series {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

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
 * @param window at least 1, which changes nothing.
 */
export function smooth(series: Series, window: number): Series {
  const { x, y } = finitePoints(series);
  return window <= 1 ? { x, y } : { x, y: Array.from(windowMeans(y, window)) };
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
 * Middle and spread of runs (`bandAt`) over an even axis, from where the last of them begins to where the last one ends.
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
  const runs = series.map((one) => ({ x: Float64Array.from(one.x), y: Float64Array.from(one.y) }));
  const { middle, low, high } = bandAt(runs, Float64Array.from(x), spread);
  const plain = (values: Float64Array): number[] => Array.from(values);
  return { x, mean: plain(middle), low: plain(low), high: plain(high), solidTo: halfEnded(runs) };
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
  return withoutOutliers(Float64Array.from(curves.flatMap((curve) => evenly(curve, 200))), lowest, highest);
}

/** The same from values that stand for the curves. @param samples sorted in place; at least one. */
export function withoutOutliers(samples: Float64Array, lowest: number, highest: number): [low: number, high: number] {
  samples.sort();
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
 * @param edges where on the axis of x each column begins, and where the last one ends; rising.
 * @param from first point that is looked at. @param to the one after the last.
 * @returns the indices of the points that are left, rising.
 */
export function visibleIndices(
  { x, y }: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> },
  edges: ArrayLike<number>,
  from = 0,
  to = x.length,
): number[] {
  const left: number[] = [];
  if (to - from <= 4 * (edges.length - 1)) {
    for (let i = from; i < to; i++) left.push(i);
    return left;
  }
  let column = 0;
  for (let first = from; first < to; ) {
    while (column < edges.length && edges[column] <= x[first]) column++;
    const end = column < edges.length ? edges[column] : Number.POSITIVE_INFINITY;
    let [lowest, highest, next] = [first, first, first];
    for (; next < to && x[next] < end; next++) {
      if (y[next] < y[lowest]) lowest = next;
      if (y[next] > y[highest]) highest = next;
    }
    const [one, other] = lowest < highest ? [lowest, highest] : [highest, lowest];
    left.push(first);
    if (one !== first) left.push(one);
    if (other !== one) left.push(other);
    if (next - 1 !== other && next - 1 !== first) left.push(next - 1);
    first = next;
  }
  return left;
}

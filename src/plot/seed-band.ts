import { quantile } from '../stats/quantile.ts';
import { studentT975 } from '../stats/summary.ts';

/**
 * How far the runs of a group lie apart: the standard deviation, the 95 % interval of the mean, the middle half (around the
 * median), lowest to highest, or not shown.
 */
export type Spread = 'std' | 'ci' | 'quartiles' | 'range' | 'none';

/** Points of one run in typed arrays of one length: `x` never falls, all are finite. */
export interface TypedSeries {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A group's line with its band over the places that were asked for. */
export interface SeedBand {
  /** The mean of the runs; their median where the band is the middle half. */
  readonly middle: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Middle and spread of runs at given places. Between its points a run's value lies on the straight line, beyond its ends it is the
 * nearest point's: a run that ended stopped because it was good enough. No band leaves what the runs ever reached.
 * @param runs at least one, none of them empty.
 * @param places rising.
 * @param reach lowest and highest value of the runs; given where `runs` are parts of longer ones.
 */
export function bandAt(
  runs: readonly TypedSeries[],
  places: Float64Array,
  spread: Spread,
  reach: readonly [low: number, high: number] = reachOf(runs),
): SeedBand {
  const n = runs.length;
  const middle = new Float64Array(places.length);
  const low = new Float64Array(places.length);
  const high = new Float64Array(places.length);
  const [lowest, highest] = reach;
  const t = n > 1 ? studentT975(n - 1) / Math.sqrt(n) : 0;
  const values = new Float64Array(n);
  // The last point of each run that is not beyond the place.
  const at = new Int32Array(n);
  for (let i = 0; i < places.length; i++) {
    const place = places[i];
    let sum = 0;
    for (let k = 0; k < n; k++) {
      const { x, y } = runs[k];
      const last = x.length - 1;
      let from = at[k];
      while (from < last && x[from + 1] <= place) from++;
      at[k] = from;
      let value = y[from];
      if (from < last && place > x[from]) {
        value += ((y[from + 1] - value) * (place - x[from])) / (x[from + 1] - x[from]);
      }
      values[k] = value;
      sum += value;
    }
    if (spread === 'quartiles') {
      values.sort();
      middle[i] = quantile(values, 0.5);
      low[i] = quantile(values, 0.25);
      high[i] = quantile(values, 0.75);
      continue;
    }
    const mean = sum / n;
    middle[i] = mean;
    low[i] = mean;
    high[i] = mean;
    if (spread === 'range') {
      let [least, most] = [values[0], values[0]];
      for (let k = 1; k < n; k++) {
        if (values[k] < least) least = values[k];
        if (values[k] > most) most = values[k];
      }
      low[i] = least;
      high[i] = most;
    } else if (spread !== 'none' && n > 1) {
      let squares = 0;
      for (let k = 0; k < n; k++) squares += (values[k] - mean) ** 2;
      const half = Math.sqrt(squares / (n - 1)) * (spread === 'ci' ? t : 1);
      low[i] = Math.max(lowest, mean - half);
      high[i] = Math.min(highest, mean + half);
    }
  }
  return { middle, low, high };
}

/** Lowest and highest value of runs. */
export function reachOf(runs: readonly TypedSeries[]): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { y } of runs) {
    for (let i = 0; i < y.length; i++) {
      if (y[i] < low) low = y[i];
      if (y[i] > high) high = y[i];
    }
  }
  return [low, high];
}

/**
 * Where a group of runs is looked at: every place where one of them has a point, from where the last of them begins to where the last
 * one ends. Of too many places each run gives every second, fourth ..., and its ends.
 * @param runs at least one, none of them empty.
 * @param most places, about.
 */
export function commonPlaces(runs: readonly TypedSeries[], most: number): Float64Array {
  let from = Number.NEGATIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let points = 0;
  const axes: Float64Array[] = [];
  for (const { x } of runs) {
    from = Math.max(from, x[0]);
    to = Math.max(to, x[x.length - 1]);
    // Seeds that were tested at the same steps count once.
    if (axes.length > 0 && sameNumbers(x, axes[0])) continue;
    axes.push(x);
    points += x.length;
  }
  to = Math.max(from, to);
  let step = 1;
  while (points / step > most) step *= 2;
  const all = new Float64Array(Math.ceil(points / step) + 2 * axes.length + 2);
  let count = 0;
  const take = (place: number): void => {
    if (place >= from && place <= to) all[count++] = place;
  };
  for (const x of axes) {
    for (let i = 0; i < x.length; i += step) take(x[i]);
    if ((x.length - 1) % step !== 0) take(x[x.length - 1]);
  }
  take(from);
  take(to);
  const sorted = all.subarray(0, count).sort();
  let kept = 0;
  for (let i = 0; i < count; i++) if (i === 0 || sorted[i] !== sorted[kept - 1]) sorted[kept++] = sorted[i];
  return sorted.slice(0, kept);
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Up to here at least half of the runs have points of their own. @param runs at least one, none of them empty. */
export function halfEnded(runs: readonly TypedSeries[]): number {
  const ends = runs.map(({ x }) => x[x.length - 1]).sort((a, b) => b - a);
  const from = Math.max(...runs.map(({ x }) => x[0]));
  return Math.max(from, ends[Math.ceil(runs.length / 2) - 1]);
}

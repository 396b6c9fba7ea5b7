import { bandAt, commonPlaces, halfEnded, reachOf, type Spread, type TypedSeries } from '../../../plot/seed-band.ts';
import { exponentialMeans, windowMeans } from '../../../plot/smoothing.ts';
import { type CurveAxis, type CurveGroup, type CurveRun, lowerBound, seriesOf } from './curve-data.ts';

export interface CurveSettings {
  readonly metric: string;
  readonly axis: CurveAxis;
  /** Below 1 the weight of an exponential mean, as TensorBoard's; from 1 on a mean over so many values. */
  readonly smoothing: number;
  readonly spread: Spread;
}

/** One run of a group, its points as logged and smoothed: the same places. */
export interface SeedLine {
  readonly run: CurveRun;
  readonly raw: TypedSeries;
  readonly smooth: TypedSeries;
}

/** A group as it is drawn. All arrays have one length. */
export interface GroupCurve {
  readonly group: CurveGroup;
  readonly seeds: readonly SeedLine[];
  readonly x: Float64Array;
  readonly middle: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Beyond it most seeds have ended and keep their last value. */
  readonly solidTo: number;
  /** Places were left out: a part of the curve may be finer (`refine`). */
  readonly coarse: boolean;
}

/** Places of a curve that are computed at most, about: some for each pixel of the widest screen. */
const MOST_PLACES = 1 << 14;

export function smoothed(y: Float64Array, smoothing: number): Float64Array {
  if (smoothing <= 0 || smoothing === 1) return y;
  return smoothing < 1 ? exponentialMeans(y, smoothing) : windowMeans(y, Math.round(smoothing));
}

/**
 * Makes curves of groups, and remembers the parts that settings and new rows leave as they are: a run is told by its object.
 */
export class CurveModel {
  readonly #lines = new WeakMap<CurveRun, { readonly key: string; readonly line: SeedLine | undefined }>();
  readonly #curves = new WeakMap<CurveGroup, { readonly key: string; readonly curve: GroupCurve | undefined }>();

  /**
   * The curves of groups that have such a metric, in order. Between its parts, some milliseconds each, it yields, so that a page can
   * draw meanwhile.
   */
  *build(groups: readonly CurveGroup[], settings: CurveSettings): Generator<void, readonly GroupCurve[]> {
    const curves: GroupCurve[] = [];
    for (const group of groups) {
      const key = JSON.stringify([settings.metric, settings.axis, settings.smoothing, settings.spread]);
      let known = this.#curves.get(group);
      if (known?.key !== key) {
        const seeds: SeedLine[] = [];
        for (const run of group.runs) {
          const line = this.#lineOf(run, settings);
          if (line !== undefined) seeds.push(line);
          yield;
        }
        known = { key, curve: seeds.length > 0 ? curveOf(group, seeds, settings.spread) : undefined };
        this.#curves.set(group, known);
        yield;
      }
      if (known.curve !== undefined) curves.push(known.curve);
    }
    return curves;
  }

  #lineOf(run: CurveRun, { metric, axis, smoothing }: CurveSettings): SeedLine | undefined {
    const key = JSON.stringify([metric, axis, smoothing]);
    const known = this.#lines.get(run);
    if (known?.key === key) return known.line;
    const raw = seriesOf(run, metric, axis);
    const line = raw === undefined ? undefined : { run, raw, smooth: { x: raw.x, y: smoothed(raw.y, smoothing) } };
    this.#lines.set(run, { key, line });
    return line;
  }
}

function curveOf(group: CurveGroup, seeds: readonly SeedLine[], spread: Spread): GroupCurve {
  if (seeds.length === 1) {
    const { x, y } = seeds[0].smooth;
    return { group, seeds, x, middle: y, low: y, high: y, solidTo: x[x.length - 1], coarse: false };
  }
  const runs = seeds.map(({ smooth }) => smooth);
  const x = commonPlaces(runs, MOST_PLACES);
  const points = runs.reduce((sum, run) => sum + run.x.length, 0);
  return { group, seeds, x, ...bandAt(runs, x, spread), solidTo: halfEnded(runs), coarse: points > MOST_PLACES };
}

/** The part of a coarse curve from `from` to `to` with as many places as fit, its other fields unchanged. */
export function refine(curve: GroupCurve, from: number, to: number, spread: Spread): GroupCurve {
  const all = curve.seeds.map(({ smooth }) => smooth);
  const parts = all.map(({ x, y }) => {
    // A neighbour on either side, so that the line goes on to the edge.
    const first = Math.max(0, Math.min(x.length - 1, lowerBound(x, from) - 1));
    const end = Math.min(x.length, lowerBound(x, to) + 2);
    return { x: x.subarray(first, Math.max(end, first + 1)), y: y.subarray(first, Math.max(end, first + 1)) };
  });
  const begin = Math.max(...all.map(({ x }) => x[0]));
  const places = commonPlaces(parts, MOST_PLACES);
  const x = places.subarray(lowerBound(places, begin));
  return x.length === 0 ? curve : { ...curve, x, ...bandAt(parts, x, spread, reachOf(all)) };
}

/** A curve's numbers at one place. */
export interface CurveReading {
  readonly middle: number;
  readonly low: number;
  readonly high: number;
}

/** What a curve is worth at a place, on the straight line between its points; undefined outside it. */
export function readCurve(
  { x, middle, low, high }: Pick<GroupCurve, 'x' | 'middle' | 'low' | 'high'>,
  at: number,
): CurveReading | undefined {
  if (!(at >= x[0] && at <= x[x.length - 1])) return undefined;
  const after = lowerBound(x, at);
  const share = x[after] === at ? 1 : (at - x[after - 1]) / (x[after] - x[after - 1]);
  const between = (y: Float64Array): number =>
    share === 1 ? y[after] : y[after - 1] + (y[after] - y[after - 1]) * share;
  return { middle: between(middle), low: between(low), high: between(high) };
}

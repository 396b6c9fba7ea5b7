import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { visibleIndices, withoutOutliers } from '../../../plot/curves.ts';
import { logTicks, shortNumber } from '../../../plot/short-number.ts';
import { lowerBound } from './curve-data.ts';
import type { GroupCurve, SeedLine } from './curve-model.ts';
import type { Ends } from './view.ts';

/**
 * Paints curves on a canvas. Axes, ticks and outliers are those of `bellman plot` (d3-scale, `withoutOutliers`); a chart library
 * would bring its own, and one axis of x for all curves where each run here has its own.
 */

/** A curve and how it looks. */
export interface PaintedCurve {
  readonly curve: GroupCurve;
  readonly colour: string;
  /** Of the line, in pixels; none for a solid one. */
  readonly dash: readonly number[];
}

export interface PaintOptions {
  readonly width: number;
  readonly height: number;
  /** Ends of what is seen. */
  readonly x: Ends;
  /** By default what the curves need. */
  readonly y: Ends | undefined;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly levels: readonly { readonly value: number; readonly label: string }[];
  /** Painted before: more pictures follow at once, and stretched ones will do. The lowest first. */
  readonly stretched: readonly Painting[];
  /** Each seed's points as logged, faint behind the curves. */
  readonly raw: boolean;
  /** Bands of groups with several seeds. */
  readonly bands: boolean;
  /** The curve that stands out, or one seed of it; others fade. */
  readonly highlight: { readonly curve: GroupCurve; readonly seed: SeedLine | undefined } | undefined;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly font: string;
}

type Scale = ScaleContinuousNumeric<number, number>;

/** Where things were painted, in pixels of CSS. */
export interface Geometry {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
}

/** A picture of lines alone, as large as the plot with its axes. */
export interface Painting {
  readonly image: HTMLCanvasElement;
  readonly geometry: Geometry;
}

/** Points that are painted at most, about: with many curves a column is wider than a pixel. */
const MOST_POINTS = 60_000;
/** Pixels of a column of a band, whose edges need no peaks in a row. */
const BAND_COLUMN = 2;

/** Points of one line that are painted: their numbers, rising. */
interface Line {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly index: readonly number[];
}

/** @param behind takes axes and grid; a canvas of its own, cleared, or the same as `context`. */
export function paintCurves(
  behind: CanvasRenderingContext2D,
  context: CanvasRenderingContext2D,
  curves: readonly PaintedCurve[],
  options: PaintOptions,
): Geometry {
  const { width, height, logX, logY, highlight } = options;
  const [top, bottom] = [14, height - 46];
  const right = width - 14;
  // The first guess of the left margin decides columns alone.
  const x = (logX ? scaleLog : scaleLinear)(options.x, [56, right]) as Scale;
  const lines = curves.reduce((sum, { curve }) => sum + 1 + (options.raw ? curve.seeds.length : 0), 0);
  const columnWidth = Math.max(1, Math.ceil((4 * lines * (right - 56)) / MOST_POINTS));
  const columns = (wide: number): Float64Array => {
    const count = Math.max(1, Math.ceil((right - 56) / wide));
    return Float64Array.from({ length: count + 1 }, (_, i) =>
      i < count ? x.invert(56 + i * wide) : Number.POSITIVE_INFINITY,
    );
  };
  const edges = columns(columnWidth);
  const bandEdges = columns(Math.max(BAND_COLUMN, columnWidth));
  const seen = (px: Float64Array, y: Float64Array, edges: Float64Array): Line => {
    const from = Math.max(0, lowerBound(px, options.x[0]) - 1);
    const to = Math.min(px.length, lowerBound(px, options.x[1]) + 2);
    const index = visibleIndices({ x: px, y }, edges, from, to);
    return { x: px, y, index: logX || logY ? index.filter((i) => (!logX || px[i] > 0) && (!logY || y[i] > 0)) : index };
  };
  const edge = (px: Float64Array, y: Float64Array, sign: 1 | -1): Line => {
    const line = seen(px, y, bandEdges);
    return { ...line, index: extremes(line, bandEdges, sign) };
  };
  const drawn = (options.stretched.length > 0 ? [] : curves).map(({ curve, ...look }) => {
    const hasBand = options.bands && curve.seeds.length > 1;
    return {
      ...look,
      curve,
      middle: seen(curve.x, curve.middle, edges),
      low: hasBand ? edge(curve.x, curve.low, -1) : undefined,
      high: hasBand ? edge(curve.x, curve.high, 1) : undefined,
    };
  });
  const seed =
    highlight?.seed === undefined ? undefined : seen(highlight.seed.smooth.x, highlight.seed.smooth.y, edges);
  const ends =
    options.y ??
    yEnds(
      drawn.map(({ middle, low, high }) => ({ middle, low, high })),
      options,
      seed,
    );
  const y = (logY ? scaleLog : scaleLinear)(ends, [bottom, top]) as Scale;
  // Powers of ten would leave most of a logarithmic axis empty.
  if (options.y === undefined && logY) y.domain([ends[0] / 1.15, ends[1] * 1.15]);
  else if (options.y === undefined) y.nice(6);

  const ticksY = logY ? logTicks(y.ticks()) : y.ticks(Math.max(2, Math.round((bottom - top) / 60)));
  context.font = `12px ${options.font}`;
  const widest = Math.max(0, ...ticksY.map((tick) => context.measureText(shortNumber(tick)).width));
  const left = Math.ceil(widest) + 34;
  x.range([left, right]);
  paintAxes(behind, { left, top, right, bottom, x, y }, ticksY, options);

  for (const { value } of options.levels) {
    const level = Math.round(y(value)) + 0.5;
    if (!(level >= top - 1 && level <= bottom + 1)) continue;
    behind.strokeStyle = options.muted;
    behind.lineWidth = 1.2;
    behind.setLineDash([5, 4]);
    behind.beginPath();
    behind.moveTo(left, level);
    behind.lineTo(right, level);
    behind.stroke();
    behind.setLineDash([]);
  }
  paintLevelNames(behind, { left, top, right, bottom, x, y }, options);

  context.save();
  context.beginPath();
  context.rect(left, top - 2, right - left, bottom - top + 4);
  context.clip();
  for (const painting of options.stretched) stretch(context, painting, { left, top, right, bottom, x, y }, options);
  // Round joints of thousands of corners take longer than all the rest.
  context.lineJoin = curves.length > 8 ? 'bevel' : 'round';
  const at = linear(x, y, logX, logY);
  const strength = (curve: GroupCurve): number => (highlight === undefined || highlight.curve === curve ? 1 : 0.18);
  for (const { curve, colour, low, high } of drawn) {
    if (low === undefined || high === undefined) continue;
    context.globalAlpha = 0.17 * strength(curve);
    context.fillStyle = colour;
    context.beginPath();
    trace(context, high, at, false);
    trace(context, low, at, true);
    context.closePath();
    context.fill();
  }
  if (options.raw && options.stretched.length === 0) {
    for (const { curve, colour } of drawn) {
      context.strokeStyle = colour;
      context.lineWidth = 1;
      context.globalAlpha = (curve.seeds.length > 8 ? 0.16 : 0.28) * strength(curve);
      for (const { raw } of curve.seeds) {
        context.beginPath();
        trace(context, seen(raw.x, raw.y, edges), at, false);
        context.stroke();
      }
    }
  }
  for (const { curve, colour, dash, middle } of drawn) {
    context.strokeStyle = colour;
    context.globalAlpha = strength(curve) * (seed !== undefined && highlight?.curve === curve ? 0.4 : 1);
    context.lineWidth = drawn.length > 40 ? 1.2 : 2;
    context.setLineDash([...dash]);
    const solid = middle.index.filter((i) => middle.x[i] <= curve.solidTo);
    const rest = middle.index.slice(Math.max(0, solid.length - 1));
    context.beginPath();
    trace(context, { ...middle, index: solid }, at, false);
    context.stroke();
    if (solid.length === 1 || middle.index.length === 1) dot(context, middle, middle.index[0], at, colour);
    if (rest.length > 1) {
      context.lineWidth = 1;
      context.beginPath();
      trace(context, { ...middle, index: rest }, at, false);
      context.stroke();
    }
    context.setLineDash([]);
  }
  if (seed !== undefined && highlight !== undefined) {
    const look = curves.find(({ curve }) => curve === highlight.curve);
    context.globalAlpha = 1;
    context.strokeStyle = look?.colour ?? options.ink;
    context.lineWidth = 2.2;
    context.beginPath();
    trace(context, seed, at, false);
    context.stroke();
  }
  context.restore();
  return { left, top, right, bottom, x, y };
}

/** Puts an earlier picture where its part of the axes is now. */
function stretch(
  context: CanvasRenderingContext2D,
  { image, geometry }: Painting,
  now: Geometry,
  { logX, logY }: PaintOptions,
): void {
  const at = linear(now.x, now.y, logX, logY);
  const [from, to] = geometry.x.domain().map(at.x);
  const [low, high] = geometry.y.domain().map(at.y);
  const scale = image.width / Number(image.dataset['width']);
  const { left, top, right, bottom } = geometry;
  context.clearRect(from, high, to - from, low - high);
  context.drawImage(
    image,
    ...([left * scale, top * scale, (right - left) * scale, (bottom - top) * scale] as const),
    ...([from, high, to - from, low - high] as const),
  );
}

/** Of each column the point that reaches farthest up (1) or down (-1), and the ends of the line. */
function extremes({ y, x, index }: Line, edges: Float64Array, sign: 1 | -1): number[] {
  const left: number[] = [];
  let column = -1;
  index.forEach((i, k) => {
    let own = Math.max(0, column);
    while (own < edges.length && edges[own] <= x[i]) own++;
    const ends = k === 0 || k === index.length - 1;
    const last = left[left.length - 1];
    if (ends || own !== column || left.length === 1) left.push(i);
    else if (sign * y[i] > sign * y[last]) left[left.length - 1] = i;
    column = own;
  });
  return left;
}

interface Place {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** The scales as plain functions: d3's ask much more of each point. */
function linear(x: Scale, y: Scale, logX: boolean, logY: boolean): Place {
  const one = (scale: Scale, log: boolean): ((value: number) => number) => {
    const [a, b] = scale.domain().map((value) => (log ? Math.log(value) : value));
    const [from, to] = scale.range();
    const slope = b === a ? 0 : (to - from) / (b - a);
    return log ? (value) => from + (Math.log(value) - a) * slope : (value) => from + (value - a) * slope;
  };
  return { x: one(x, logX), y: one(y, logY) };
}

/** Adds a line to the path; backwards as the other side of a band. */
function trace(context: CanvasRenderingContext2D, { x, y, index }: Line, at: Place, back: boolean): void {
  for (let k = 0; k < index.length; k++) {
    const i = index[back ? index.length - 1 - k : k];
    const [px, py] = [at.x(x[i]), at.y(y[i])];
    if (k === 0 && !back) context.moveTo(px, py);
    else context.lineTo(px, py);
  }
}

function dot(
  context: CanvasRenderingContext2D,
  { x, y }: Line,
  i: number | undefined,
  at: Place,
  colour: string,
): void {
  if (i === undefined) return;
  context.fillStyle = colour;
  context.beginPath();
  context.arc(at.x(x[i]), at.y(y[i]), 3, 0, 2 * Math.PI);
  context.fill();
}

interface DrawnLines {
  readonly middle: Line;
  readonly low: Line | undefined;
  readonly high: Line | undefined;
}

/** Values of a line that decide the frame. */
const SAMPLES = 4000;

/** The range that shows the curves without their outliers, their bands as far as these are not much wider, and the levels. */
function yEnds(drawn: readonly DrawnLines[], { levels, logY }: PaintOptions, seed: Line | undefined): Ends {
  let [lowest, highest, bandLow, bandHigh] = [Infinity, -Infinity, Infinity, -Infinity];
  const points = drawn.reduce((sum, { middle }) => sum + middle.index.length, 0);
  const step = Math.max(1, Math.ceil(points / SAMPLES));
  const samples: number[] = [];
  for (const { middle, low, high } of drawn) {
    middle.index.forEach((i, k) => {
      const value = middle.y[i];
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
      if (k % step === 0) samples.push(value);
    });
    for (const i of low?.index ?? []) bandLow = Math.min(bandLow, (low as Line).y[i]);
    for (const i of high?.index ?? []) bandHigh = Math.max(bandHigh, (high as Line).y[i]);
  }
  for (const i of seed?.index ?? []) {
    bandLow = Math.min(bandLow, (seed as Line).y[i]);
    bandHigh = Math.max(bandHigh, (seed as Line).y[i]);
  }
  if (samples.length === 0) return logY ? [1, 10] : [0, 1];
  const means = withoutOutliers(Float64Array.from(samples), lowest, highest);
  const half = (means[1] - means[0]) / 2;
  let low = Math.min(means[0], Math.max(Math.min(bandLow, lowest), means[0] - half));
  let high = Math.max(means[1], Math.min(Math.max(bandHigh, highest), means[1] + half));
  if (logY) low = Math.max(low, Math.min(bandLow, lowest) > 0 ? Math.min(bandLow, lowest) : means[0]);
  for (const { value } of levels) {
    if (logY && value <= 0) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low < high) return [low, high];
  return logY
    ? [low / 2, low * 2]
    : [low - Math.max(1e-9, Math.abs(low) / 10), high + Math.max(1e-9, Math.abs(high) / 10)];
}

function paintAxes(
  context: CanvasRenderingContext2D,
  at: Geometry,
  ticksY: readonly number[],
  options: PaintOptions,
): void {
  const { left, top, right, bottom, x, y } = at;
  context.save();
  context.globalAlpha = 1;
  context.lineWidth = 1;
  context.strokeStyle = options.line;
  context.fillStyle = options.muted;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const tick of ticksY) {
    const level = Math.round(y(tick)) + 0.5;
    if (level < top - 1 || level > bottom + 1) continue;
    context.beginPath();
    context.moveTo(left, level);
    context.lineTo(right, level);
    context.stroke();
    context.fillText(shortNumber(tick), left - 8, level);
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const wanted = Math.max(2, Math.round((right - left) / 110));
  const ticksX = options.logX ? logTicks(x.ticks()) : x.ticks(wanted);
  let free = Number.NEGATIVE_INFINITY;
  for (const tick of ticksX) {
    const place = Math.round(x(tick)) + 0.5;
    const text = shortNumber(tick);
    const half = context.measureText(text).width / 2;
    context.beginPath();
    context.moveTo(place, bottom);
    context.lineTo(place, bottom + 4);
    context.stroke();
    if (place - half < free || place + half > options.width) continue;
    context.fillText(text, place, bottom + 8);
    free = place + half + 10;
  }
  context.beginPath();
  context.moveTo(left, bottom + 0.5);
  context.lineTo(right, bottom + 0.5);
  context.stroke();
  context.fillStyle = options.muted;
  context.textBaseline = 'alphabetic';
  context.fillText(options.xLabel, (left + right) / 2, options.height - 6);
  context.translate(12, (top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = 'middle';
  context.fillText(options.yLabel, 0, 0, bottom - top);
  context.restore();
}

/** Names of levels stand where learning begins: far below most levels. */
function paintLevelNames(
  context: CanvasRenderingContext2D,
  { left, top, right, bottom, y }: Geometry,
  options: PaintOptions,
): void {
  context.save();
  context.font = `12px ${options.font}`;
  context.fillStyle = options.muted;
  context.strokeStyle = options.surface;
  context.lineWidth = 4;
  context.lineJoin = 'round';
  context.textAlign = 'left';
  for (const { value, label } of options.levels) {
    const level = y(value);
    if (!(level >= top - 1 && level <= bottom + 1)) continue;
    const below = level < top + 18;
    context.textBaseline = below ? 'top' : 'bottom';
    const at = [left + 8, below ? level + 5 : level - 4, right - left - 16] as const;
    context.strokeText(label, ...at);
    context.fillText(label, ...at);
  }
  context.restore();
}

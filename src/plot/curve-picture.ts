import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { escapeXml, FAINT, INK, round, svgPage, svgText } from '../draw/svg.ts';
import { type Band, extent, finitePoints, type Series, typicalRange, visibleIndices } from './curves.ts';
import type { Spread } from './seed-band.ts';
import { logTicks, shortNumber } from './short-number.ts';

/** One line of a picture. */
export interface Curve {
  readonly label: string;
  readonly band: Band;
  /** Runs behind it. */
  readonly runs: number;
  /** In place of its turn of `curveColours`; `#rrggbb` or another colour of SVG. */
  readonly colour?: string | undefined;
  /** Single values to show as dots behind the line; none by default. */
  readonly dots?: Series | undefined;
}

/** A level to compare with, such as the score of an optimal policy. */
export interface Level {
  readonly value: number;
  readonly label: string;
}

export interface CurvePictureOptions {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly spread: Spread;
  /** What line and band are, instead of what `spread` says of seeds. */
  readonly spreadText?: string | undefined;
  /** Default 'linear'; 'log' where curves differ in length by orders of magnitude, all of them above 0. */
  readonly xScale?: 'linear' | 'log' | undefined;
  /** Default 'linear'; 'log' where all values are above 0. */
  readonly yScale?: 'linear' | 'log' | undefined;
  /** Ends of the vertical axis; by default what the curves need. */
  readonly yRange?: readonly [low: number, high: number] | undefined;
  readonly levels?: readonly Level[];
  readonly width?: number;
  readonly height?: number;
}

const OPTIONS: OptionNames<CurvePictureOptions> = {
  ...{ title: true, subtitle: true, xLabel: true, yLabel: true },
  ...{ spread: true, spreadText: true, xScale: true, yScale: true },
  ...{ yRange: true, levels: true, width: true, height: true },
};

/**
 * Okabe and Ito's colours (2008, "Color Universal Design"), apart for every kind of colour vision, darker ones first, and two more.
 * When they are used up they come again, dashed, then dotted.
 */
export const curveColours = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#8a6d00',
  '#6a3d9a',
  '#555555',
  '#b3123a',
  '#e6a100',
];

const DASHES = ['', ' stroke-dasharray="8 5"', ' stroke-dasharray="2 5"', ' stroke-dasharray="12 4 2 4"'];

const spreads: Readonly<Record<Spread, string>> = {
  std: 'line: mean of the seeds; band: one standard deviation either side',
  ci: 'line: mean of the seeds; band: 95 % interval of the mean',
  quartiles: 'line: median of the seeds; band: their middle half',
  range: 'line: mean of the seeds; band: lowest to highest',
  none: 'line: mean of the seeds',
};

/**
 * Draws learning curves.
 * @param curves at least one.
 * @returns an SVG document that needs nothing else.
 */
export function drawCurves(curves: readonly Curve[], options: CurvePictureOptions): string {
  checkOptionNames(options, OPTIONS);
  const { title, subtitle, xLabel, yLabel, spread, levels = [], width = 860, height = 480 } = options;
  const legend = layLegend(curves, width);
  const several = curves.some(({ runs }) => runs > 1);
  const xEnds = extent(curves.map(({ band }) => band.x));
  const shown = options.yRange ?? frameOf(curves, levels);
  const outside = options.yRange === undefined && isOutside(curves, shown);
  const solidEnds = curves.map(({ band }) => solidEnd(band));
  const tail = curves.some(({ band }, i) => solidEnds[i] < band.x[band.x.length - 1]);
  const dots = curves.map((curve) => drawnDots(curve.dots));
  const everyNth = Math.max(...dots.map(({ step }) => step));
  const caption = [
    subtitle,
    several ? (options.spreadText ?? spreads[spread]) : undefined,
    tail ? 'thin: most seeds have ended and keep their last value' : undefined,
    everyNth > 1 ? `dots: one in ${everyNth}` : undefined,
    outside ? 'outliers lie outside the frame' : undefined,
  ].filter((part) => part !== undefined);
  const captionRows = wrap(caption, (width - 104) / 6.4);
  const levelRoom = Math.max(0, ...levels.map(({ label }) => 8 + 6.6 * label.length));
  const [left, right, bottom] = [76, Math.max(28, levelRoom + 10), 62];
  const top = 62 + 18 * captionRows.length + 24 * legend.rows;
  const x = (options.xScale === 'log' ? scaleLog : scaleLinear)(xEnds, [left, width - right]);
  const y = (options.yScale === 'log' ? scaleLog : scaleLinear)(widen(shown), [height - bottom, top]);
  if (options.yRange === undefined) y.nice(options.yScale === 'log' ? undefined : 6);
  const parts = svgPage(width, height);
  // A few pixels more than the frame, so that lines and dots at its edges are whole.
  const clip = `<rect x="${left - 3}" y="${top - 3}" width="${width - left - right + 6}" height="${height - top - bottom + 6}"/>`;
  parts.push(`<defs><clipPath id="plot">${clip}</clipPath></defs>`, svgText(left, 36, title, 19, INK, 'start', 600));
  captionRows.forEach((row, i) => {
    parts.push(svgText(left, 58 + 18 * i, row, 12, FAINT, 'start'));
  });
  for (const { curve, colour, dash, at, row } of legend.entries) {
    const rowY = top - 24 * (legend.rows - row) + 8;
    parts.push(
      `<path d="M${at} ${rowY}h28" stroke="${colour}" stroke-width="3"${dash}/>`,
      svgText(at + 36, rowY + 4, legendText(curve), 12.5, INK, 'start'),
    );
  }
  for (const tick of options.yScale === 'log' ? logTicks(y.ticks()) : y.ticks(6)) {
    parts.push(
      `<path d="M${left} ${round(y(tick))}H${width - right}" stroke="#e3e8ef"/>`,
      svgText(left - 10, y(tick) + 4, shortNumber(tick), 12, FAINT, 'end'),
    );
  }
  for (const tick of options.xScale === 'log' ? logTicks(x.ticks()) : x.ticks(7)) {
    parts.push(
      `<path d="M${round(x(tick))} ${height - bottom}v5" stroke="#9aa7b7"/>`,
      svgText(x(tick), height - bottom + 21, shortNumber(tick), 12, FAINT),
    );
  }
  parts.push(
    `<path d="M${left} ${height - bottom}H${width - right}" stroke="#9aa7b7"/>`,
    svgText((left + width - right) / 2, height - 16, xLabel, 13, INK),
    `<g transform="translate(22 ${(top + height - bottom) / 2}) rotate(-90)">${svgText(0, 0, yLabel, 13, INK)}</g>`,
    '<g clip-path="url(#plot)">',
  );
  const columns = Math.max(1, Math.round(width - left - right));
  // The last column holds the end of the axis too.
  const edges = Array.from({ length: columns + 1 }, (_, i) =>
    i < columns ? x.invert(left + i) : Number.POSITIVE_INFINITY,
  );
  curves.forEach(({ band, runs }, i) => {
    const colour = colourOf(curves[i], i);
    const [low, high] = y.domain();
    for (const [k, value] of dots[i].y.entries()) {
      if (value < low || value > high) continue;
      const [cx, cy] = [round(x(dots[i].x[k])), round(y(value))];
      parts.push(`<circle cx="${cx}" cy="${cy}" r="1.8" fill="${colour}" fill-opacity="0.22"/>`);
    }
    if (runs > 1 && spread !== 'none') {
      const shape = area<number>(
        (k) => x(band.x[k]),
        (k) => y(band.low[k]),
        (k) => y(band.high[k]),
      ).digits(1);
      const index = visibleIndices({ x: band.x, y: band.low }, edges);
      parts.push(`<path d="${shape(index)}" fill="${colour}" fill-opacity="0.16"/>`);
    }
  });
  for (const { value } of levels) {
    parts.push(
      `<path d="M${left} ${round(y(value))}H${width - right}" stroke="${FAINT}" stroke-width="1.2" stroke-dasharray="5 4"/>`,
    );
  }
  curves.forEach(({ band }, i) => {
    const path = line<number>(
      (k) => x(band.x[k]),
      (k) => y(band.mean[k]),
    ).digits(1);
    const style = `stroke="${colourOf(curves[i], i)}" stroke-linejoin="round"${dashOf(i)}`;
    const index = visibleIndices({ x: band.x, y: band.mean }, edges);
    const solid = index.filter((k) => band.x[k] <= solidEnds[i]);
    parts.push(`<path d="${path(solid)}" fill="none" stroke-width="2.4" ${style}/>`);
    const rest = index.slice(Math.max(0, solid.length - 1));
    if (rest.length > 1)
      parts.push(`<path d="${path(rest)}" fill="none" stroke-width="1" stroke-opacity="0.7" ${style}/>`);
  });
  parts.push('</g>');
  for (const { label, at } of labelPlaces(levels, (value) => y(value), top, height - bottom)) {
    parts.push(svgText(width - right + 8, at + 4, label, 11.5, FAINT, 'start'));
  }
  parts.push('</svg>');
  return `${parts.join('\n')}\n`;
}

/** Where a curve gets thin; its end where runs end at nearly the same place. */
function solidEnd({ x, solidTo }: Band): number {
  const [first, last] = [x[0], x[x.length - 1]];
  return solidTo === undefined || last - solidTo < 0.02 * (last - first) ? last : solidTo;
}

/** Dots of one curve that are drawn at most. */
const MOST_DOTS = 4000;

/** Every nth dot, so that there are not too many. */
function drawnDots(dots: Series = { x: [], y: [] }): Series & { readonly step: number } {
  const { x, y } = finitePoints(dots);
  const step = Math.max(1, Math.ceil(x.length / MOST_DOTS));
  const nth = (_: number, i: number) => i % step === 0;
  return { x: x.filter(nth), y: y.filter(nth), step };
}

/** The range that shows the curves without their outliers, their bands as far as these are not much wider, and the levels. */
function frameOf(curves: readonly Curve[], levels: readonly Level[]): [number, number] {
  const means = typicalRange(curves.map(({ band }) => ({ x: band.x, y: band.mean })));
  const half = (means[1] - means[0]) / 2;
  const [low, high] = extent(curves.flatMap(({ band, dots }) => [band.low, band.high, dots?.y ?? []]));
  const framed = [
    Math.min(means[0], Math.max(low, means[0] - half)),
    Math.max(means[1], Math.min(high, means[1] + half)),
  ];
  return extent([framed, levels.map(({ value }) => value)]);
}

const isOutside = (curves: readonly Curve[], [low, high]: readonly [number, number]): boolean =>
  curves.some(({ band }) => band.mean.some((value) => value < low || value > high));

/** Heights of the levels' names next to the frame, moved apart where they would overlap. */
function labelPlaces(
  levels: readonly Level[],
  y: (value: number) => number,
  top: number,
  bottom: number,
): { readonly label: string; readonly at: number }[] {
  let free = top - 4;
  return [...levels]
    .sort((a, b) => b.value - a.value)
    .filter(({ value }) => y(value) >= top - 1 && y(value) <= bottom + 1)
    .map(({ label, value }) => {
      const at = Math.max(y(value), free);
      free = at + 14;
      return { label, at };
    });
}

/** Parts of a caption in lines of at most so many letters where that is possible. */
function wrap(captionParts: readonly string[], letters: number): string[] {
  const rows: string[] = [];
  for (const part of captionParts) {
    const longer = rows.length > 0 ? `${rows[rows.length - 1]} · ${part}` : part;
    if (rows.length === 0 || longer.length > letters) rows.push(part);
    else rows[rows.length - 1] = longer;
  }
  return rows;
}

interface LegendEntry {
  readonly curve: Curve;
  readonly colour: string;
  readonly dash: string;
  readonly at: number;
  readonly row: number;
}

/** Places the names in rows, as many to a row as fit. */
function layLegend(curves: readonly Curve[], width: number): { entries: LegendEntry[]; rows: number } {
  const entries: LegendEntry[] = [];
  let at = 76;
  let row = 0;
  curves.forEach((curve, i) => {
    const space = 36 + 7.4 * legendText(curve).length + 22;
    if (at + space > width - 20 && at > 76) {
      at = 76;
      row++;
    }
    entries.push({ curve, colour: colourOf(curve, i), dash: dashOf(i), at, row });
    at += space;
  });
  return { entries, rows: row + 1 };
}

const colourOf = ({ colour }: Curve, i: number): string => escapeXml(colour ?? curveColours[i % curveColours.length]);
const dashOf = (i: number): string => DASHES[Math.floor(i / curveColours.length) % DASHES.length];

const legendText = ({ label, runs }: Curve): string => (runs > 1 ? `${label} (${runs} seeds)` : label);

/** An axis needs two ends. */
function widen([low, high]: readonly [number, number]): [number, number] {
  return low < high ? [low, high] : [low - 1, high + 1];
}

import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import { FAINT, INK, round, svgPage, svgText } from '../draw/svg.ts';
import type { Band, Series, Spread } from './curves.ts';

/** One line of a picture. */
export interface Curve {
  readonly label: string;
  readonly band: Band;
  /** Runs behind it. */
  readonly runs: number;
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
  /** Default 'linear'; 'log' where curves differ in length by orders of magnitude, all of them above 0. */
  readonly xScale?: 'linear' | 'log' | undefined;
  /** Ends of the vertical axis; by default what the curves need. */
  readonly yRange?: readonly [low: number, high: number] | undefined;
  readonly levels?: readonly Level[];
  readonly width?: number;
  readonly height?: number;
}

/** Okabe and Ito's colours (2008, "Color Universal Design"), apart for every kind of colour vision, darker ones first. */
export const curveColours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#8a6d00', '#6a3d9a', '#555555'];

const spreads: Readonly<Record<Spread, string>> = {
  std: 'line: mean of the seeds; band: one standard deviation either side',
  ci: 'line: mean of the seeds; band: 95 % interval of the mean',
  range: 'line: mean of the seeds; band: lowest to highest',
  none: 'line: mean of the seeds',
};

/**
 * Draws learning curves.
 * @param curves at least one.
 * @returns an SVG document that needs nothing else.
 */
export function drawCurves(curves: readonly Curve[], options: CurvePictureOptions): string {
  const { title, subtitle, xLabel, yLabel, spread, levels = [], width = 860, height = 480 } = options;
  const legend = layLegend(curves, width);
  const several = curves.some(({ runs }) => runs > 1);
  const caption = [subtitle, several ? spreads[spread] : undefined].filter((part) => part !== undefined).join(' · ');
  const [left, right, bottom] = [76, 28, 62];
  const top = 62 + (caption === '' ? 0 : 20) + 24 * legend.rows;
  const xEnds = extent(curves.flatMap(({ band }) => [band.x[0], band.x[band.x.length - 1]]));
  const ends = curves.flatMap(({ band, dots }) => [...band.low, ...band.high, ...band.mean, ...(dots?.y ?? [])]);
  const yEnds = options.yRange ?? extent([...ends, ...levels.map(({ value }) => value)]);
  const x = (options.xScale === 'log' ? scaleLog : scaleLinear)(xEnds, [left, width - right]);
  const y = scaleLinear(widen(yEnds), [height - bottom, top]);
  if (options.yRange === undefined) y.nice(6);
  const parts = svgPage(width, height);
  parts.push(
    `<defs><clipPath id="plot"><rect x="${left}" y="${top}" width="${width - left - right}" height="${height - top - bottom}"/></clipPath></defs>`,
    svgText(left, 36, title, 19, INK, 'start', 600),
  );
  if (caption !== '') parts.push(svgText(left, 58, caption, 12, FAINT, 'start'));
  for (const { curve, colour, dash, at, row } of legend.entries) {
    const rowY = top - 24 * (legend.rows - row) + 8;
    parts.push(
      `<path d="M${at} ${rowY}h22" stroke="${colour}" stroke-width="3" stroke-linecap="round"${dash}/>`,
      svgText(at + 30, rowY + 4, legendText(curve), 12.5, INK, 'start'),
    );
  }
  for (const tick of y.ticks(6)) {
    parts.push(
      `<path d="M${left} ${round(y(tick))}H${width - right}" stroke="#e3e8ef"/>`,
      svgText(left - 10, y(tick) + 4, short(tick), 12, FAINT, 'end'),
    );
  }
  for (const tick of options.xScale === 'log' ? x.ticks().filter(isPowerOfTen) : x.ticks(7)) {
    parts.push(
      `<path d="M${round(x(tick))} ${height - bottom}v5" stroke="#9aa7b7"/>`,
      svgText(x(tick), height - bottom + 21, short(tick), 12, FAINT),
    );
  }
  parts.push(
    `<path d="M${left} ${height - bottom}H${width - right}" stroke="#9aa7b7"/>`,
    svgText((left + width - right) / 2, height - 16, xLabel, 13, INK),
    `<g transform="translate(22 ${(top + height - bottom) / 2}) rotate(-90)">${svgText(0, 0, yLabel, 13, INK)}</g>`,
    '<g clip-path="url(#plot)">',
  );
  curves.forEach(({ band, dots, runs }, i) => {
    const colour = curveColours[i % curveColours.length];
    for (const [k, value] of (dots?.y ?? []).entries()) {
      const [cx, cy] = [round(x(dots?.x[k] ?? 0)), round(y(value))];
      parts.push(`<circle cx="${cx}" cy="${cy}" r="1.8" fill="${colour}" fill-opacity="0.22"/>`);
    }
    const index = band.x.map((_, k) => k);
    if (runs > 1 && spread !== 'none') {
      const shape = area<number>(
        (k) => x(band.x[k]),
        (k) => y(band.low[k]),
        (k) => y(band.high[k]),
      ).digits(1);
      parts.push(`<path d="${shape(index)}" fill="${colour}" fill-opacity="0.16"/>`);
    }
  });
  for (const { value, label } of levels) {
    parts.push(
      `<path d="M${left} ${round(y(value))}H${width - right}" stroke="${FAINT}" stroke-width="1.2" stroke-dasharray="5 4"/>`,
      svgText(width - right - 6, y(value) - 6, label, 11.5, FAINT, 'end'),
    );
  }
  curves.forEach(({ band }, i) => {
    const path = line<number>(
      (k) => x(band.x[k]),
      (k) => y(band.mean[k]),
    ).digits(1);
    const colour = curveColours[i % curveColours.length];
    const d = path(band.x.map((_, k) => k));
    parts.push(
      `<path d="${d}" fill="none" stroke="${colour}" stroke-width="2.4" stroke-linejoin="round"${dashOf(i)}/>`,
    );
  });
  parts.push('</g>', '</svg>');
  return `${parts.join('\n')}\n`;
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
    const space = 30 + 7.4 * legendText(curve).length + 22;
    if (at + space > width - 20 && at > 76) {
      at = 76;
      row++;
    }
    entries.push({ curve, colour: curveColours[i % curveColours.length], dash: dashOf(i), at, row });
    at += space;
  });
  return { entries, rows: row + 1 };
}

/** When the colours are used up they come again, dashed. */
const dashOf = (i: number): string => (i < curveColours.length ? '' : ' stroke-dasharray="6 5"');

/** True for 1, 10, 100 ..., as printed. */
const isPowerOfTen = (value: number): boolean => /^10*$/.test(String(value));

const legendText = ({ label, runs }: Curve): string => (runs > 1 ? `${label} (${runs} seeds)` : label);

function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** An axis needs two ends. */
function widen([low, high]: readonly [number, number]): [number, number] {
  return low < high ? [low, high] : [low - 1, high + 1];
}

/** 1500 as 1.5k, 2000000 as 2M. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(4))}k`;
  return String(Number(value.toPrecision(6)));
}

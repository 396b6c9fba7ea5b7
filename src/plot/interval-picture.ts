import { scaleLinear } from 'd3-scale';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { escapeXml, FAINT, INK, round, svgPage, svgText } from '../draw/svg.ts';
import { curveColours } from './curve-picture.ts';
import { shortNumber } from './short-number.ts';

/** A number with its interval, of one thing that is compared. */
export interface IntervalBar {
  readonly value: number;
  /** Undefined where none is known: a mark alone. */
  readonly interval: readonly [low: number, high: number] | undefined;
}

/** A quantity, with an axis of its own. */
export interface IntervalPanel {
  readonly title: string;
  /** One for each label, in their order. */
  readonly bars: readonly IntervalBar[];
}

export interface IntervalPictureOptions {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Names of what is compared: a row each. */
  readonly labels: readonly string[];
  readonly xLabel?: string | undefined;
  readonly width?: number;
}

const OPTIONS: OptionNames<IntervalPictureOptions> = {
  ...{ title: true, subtitle: true, labels: true, xLabel: true, width: true },
};

const ROW = 34;
const GAP = 26;
/** Pixels of a letter of a label, about. */
const LETTER = 7.2;

/**
 * Draws numbers with their intervals: a panel for each quantity, in it a row for each thing that is compared, as Agarwal et al. 2021
 * draw aggregate scores.
 * @param panels at least one.
 * @returns an SVG document that needs nothing else.
 */
export function drawIntervals(panels: readonly IntervalPanel[], options: IntervalPictureOptions): string {
  checkOptionNames(options, OPTIONS);
  const { title, subtitle, labels, xLabel, width = 860 } = options;
  const longest = labels.reduce((most, label) => Math.max(most, label.length), 0);
  const left = Math.min(240, 40 + LETTER * longest);
  const right = 24;
  const top = (subtitle === undefined ? 62 : 82) + 26;
  const bottom = top + ROW * labels.length;
  const height = bottom + (xLabel === undefined ? 42 : 66);
  const wide = (width - left - right - GAP * (panels.length - 1)) / panels.length;
  const parts = svgPage(width, height);
  parts.push(svgText(24, 36, title, 19, INK, 'start', 600));
  if (subtitle !== undefined) parts.push(svgText(24, 58, subtitle, 12, FAINT, 'start'));
  labels.forEach((label, row) => {
    parts.push(svgText(left - 14, top + ROW * (row + 0.5) + 4, label, 12.5, INK, 'end'));
  });
  panels.forEach((panel, i) => {
    const from = left + i * (wide + GAP);
    const x = scaleLinear(endsOf(panel), [from, from + wide]).nice(4);
    parts.push(svgText(from + wide / 2, top - 12, panel.title, 13, INK, 'middle', 600));
    for (const tick of x.ticks(Math.max(2, Math.floor(wide / 55)))) {
      const at = round(x(tick));
      parts.push(
        `<path d="M${at} ${top}V${bottom}" stroke="#e3e8ef"/>`,
        svgText(at, bottom + 19, shortNumber(tick), 12, FAINT),
      );
    }
    parts.push(`<path d="M${round(from)} ${bottom}h${round(wide)}" stroke="#9aa7b7"/>`);
    panel.bars.forEach(({ value, interval }, row) => {
      const colour = escapeXml(curveColours[row % curveColours.length]);
      const middle = top + ROW * (row + 0.5);
      if (interval !== undefined) {
        const [low, high] = interval.map((end) => round(x(end)));
        const bar = `x="${low}" y="${middle - 8}" width="${Math.max(1, round(high - low))}" height="16" rx="2"`;
        parts.push(`<rect ${bar} fill="${colour}" fill-opacity="0.55"/>`);
      }
      const ink = interval === undefined ? colour : INK;
      parts.push(`<path d="M${round(x(value))} ${middle - 10}v20" stroke="${ink}" stroke-width="2.4"/>`);
    });
  });
  if (xLabel !== undefined) parts.push(svgText((left + width - right) / 2, height - 16, xLabel, 13, INK));
  parts.push('</svg>');
  return `${parts.join('\n')}\n`;
}

/** What a panel's axis has to hold, with room around it. */
function endsOf({ bars }: IntervalPanel): [number, number] {
  const all = bars.flatMap(({ value, interval }) => [value, ...(interval ?? [])]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = (high > low ? high - low : Math.abs(low) || 1) * 0.15;
  return [low - room, high + room];
}

/** Pictures of a study: what was tried, and what it came to. */
import { escapeXml, FAINT, INK, round, svgPage, svgText } from '../draw/svg.ts';
import type { SearchSpace, SettingValue } from '../tune/search-space.ts';
import type { Direction, Trial } from '../tune/trial.ts';
import { curveColours } from './curve-picture.ts';
import { axisOf, objectiveAxis, type SettingAxis } from './setting-axis.ts';

export interface StudyPictureOptions {
  readonly title: string;
  /** What a trial is worth, with its unit. */
  readonly objective: string;
  readonly direction: Direction;
  readonly width?: number | undefined;
}

const GRID = '#e3e8ef';
const AXIS = '#9aa7b7';
const [BEST, DOT] = [curveColours[1], curveColours[0]];
const MARGIN = 24;
/** Pixels of a letter of a tick or label, about. */
const LETTER = 6.8;

type Complete = Trial & { readonly value: number };
const isComplete = (trial: Trial): trial is Complete => trial.value !== null && Number.isFinite(trial.value);
const isBetter = (direction: Direction, a: number, b: number): boolean => (direction === 'maximize' ? a > b : a < b);

function bestOf(trials: readonly Complete[], direction: Direction): Complete | undefined {
  return trials.reduce<Complete | undefined>(
    (best, trial) => (best === undefined || isBetter(direction, trial.value, best.value) ? trial : best),
    undefined,
  );
}

function page({ title }: StudyPictureOptions, subtitle: string, width: number, height: number): string[] {
  return [
    ...svgPage(width, height),
    svgText(MARGIN, 36, title, 19, INK, 'start', 600),
    svgText(MARGIN, 58, subtitle, 12, FAINT, 'start'),
  ];
}

const finish = (parts: readonly string[]): string => `${[...parts, '</svg>'].join('\n')}\n`;

const dot = (x: number, y: number, fill: string, radius = 4, more = ''): string =>
  `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${escapeXml(fill)}"${more}/>`;

/** Lines across, with their values at the left. */
function gridAcross({ ticks }: SettingAxis, left: number, right: number): string[] {
  return ticks.flatMap(({ at, text }) => [
    `<path d="M${round(left)} ${round(at)}H${round(right)}" stroke="${GRID}"/>`,
    svgText(left - 8, at + 4, text, 12, FAINT, 'end'),
  ]);
}

/** The left margin that the values of an axis need. */
const roomFor = ({ ticks }: SettingAxis): number =>
  MARGIN + 14 + LETTER * ticks.reduce((most, { text }) => Math.max(most, text.length), 2);

/**
 * The value of each trial in the order in which they were begun, and the best so far. Trials without a value have a mark below: those
 * that were stopped early, and crosses for failed ones.
 * @param trials some of them complete.
 */
export function drawStudyHistory(trials: readonly Trial[], options: StudyPictureOptions): string {
  const { objective, direction, width = 860 } = options;
  const height = 460;
  const complete = trials.filter(isComplete);
  const [top, bottom] = [86, height - 92];
  const y = objectiveAxis(
    complete.map(({ value }) => value),
    bottom,
    top,
  );
  const left = roomFor(y);
  const right = width - MARGIN;
  const last = Math.max(1, trials.length - 1);
  const x = axisOf({ kind: 'int', low: 0, high: last, log: false, step: 1 }, left + 10, right - 10, 10);
  const subtitle = `dots: ${objective} of a trial; line: the best so far; below: stopped early (bar), failed (cross)`;
  const parts = [...page(options, subtitle, width, height), ...gridAcross(y, left, right)];
  const marks = bottom + 16;
  for (const { at, text } of x.ticks) parts.push(svgText(at, bottom + 42, text, 12, FAINT));
  let best: number | undefined;
  let path = '';
  for (const trial of trials) {
    const at = round(x.at(trial.number)!);
    if (isComplete(trial)) {
      const isBest = best === undefined || isBetter(direction, trial.value, best);
      if (isBest) best = trial.value;
      parts.push(dot(at, y.at(trial.value)!, isBest ? BEST : DOT));
    } else if (trial.state === 'pruned') {
      parts.push(`<path d="M${at} ${marks - 6}v12" stroke="${FAINT}" stroke-width="2"/>`);
    } else if (trial.state === 'failed') {
      const cross = `M${at - 4} ${marks - 4}l8 8m0 -8l-8 8`;
      parts.push(`<path d="${cross}" stroke="${BEST}" stroke-width="2"/>`);
    }
    if (best !== undefined) {
      const level = round(y.at(best)!);
      path += path === '' ? `M${at} ${level}` : `H${at}V${level}`;
    }
  }
  parts.push(
    `<path d="M${round(left)} ${bottom}H${round(right)}" stroke="${AXIS}"/>`,
    `<path d="${path}" fill="none" stroke="${BEST}" stroke-width="2"/>`,
    svgText((left + right) / 2, height - 20, 'trial', 13, INK),
  );
  return finish(parts);
}

/** From pale to strong, the better the trial is among the complete ones. */
function strengthOf(trials: readonly Complete[], direction: Direction): Map<Complete, number> {
  const order = [...trials].sort((a, b) => (isBetter(direction, a.value, b.value) ? 1 : -1));
  return new Map(order.map((trial, rank) => [trial, order.length < 2 ? 1 : rank / (order.length - 1)]));
}

/** A colour between two, as `#rrggbb`. @param share 0 to 1. */
function mixed(from: readonly number[], to: readonly number[], share: number): string {
  const parts = from.map((one, i) => Math.round(one + (to[i] - one) * share));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
const PALE = [205, 216, 228];
const STRONG = [0, 84, 140];

/**
 * Parallel coordinates: an axis for each setting and one for the objective, a line through them for each complete trial, the darker
 * the better; the best one in another colour.
 */
export function drawParallelCoordinates(
  space: SearchSpace,
  trials: readonly Trial[],
  options: StudyPictureOptions,
): string {
  const { objective, direction } = options;
  const keys = Object.keys(space);
  const complete = trials
    .filter(isComplete)
    .filter(({ settings }) => keys.every((key) => Object.hasOwn(settings, key)));
  const width = options.width ?? Math.max(860, 150 * (keys.length + 1));
  const height = 500;
  const [top, bottom] = [120, height - 40];
  const axes = [
    objectiveAxis(
      complete.map(({ value }) => value),
      bottom,
      top,
    ),
    ...keys.map((key) => axisOf(space[key], bottom, top)),
  ];
  const left = roomFor(axes[0]);
  const gap = (width - left - MARGIN - 70) / Math.max(1, axes.length - 1);
  const at = (i: number): number => left + gap * i;
  const parts = page(
    options,
    'a line for each complete trial, the darker the better; the best in orange',
    width,
    height,
  );
  const strength = strengthOf(complete, direction);
  const best = bestOf(complete, direction);
  const lines = [...strength].sort(([, a], [, b]) => a - b);
  for (const [trial, share] of lines) {
    const values: SettingValue[] = [trial.value, ...keys.map((key) => trial.settings[key])];
    const points = values.map((value, i) => `${round(at(i))} ${round(axes[i].at(value) ?? bottom)}`);
    const [colour, wide] = trial === best ? [BEST, 3] : [mixed(PALE, STRONG, share), 1 + share];
    parts.push(`<path d="M${points.join('L')}" fill="none" stroke="${colour}" stroke-width="${round(wide)}"/>`);
  }
  axes.forEach((axis, i) => {
    // Two rows of titles: names of settings are long.
    const title = [objective, ...keys][i];
    const anchor = i === 0 ? 'start' : 'middle';
    const x = i === 0 ? MARGIN : at(i);
    parts.push(
      `<path d="M${round(at(i))} ${top}V${bottom}" stroke="${AXIS}" stroke-width="1.5"/>`,
      svgText(x, i % 2 === 0 ? top - 14 : top - 32, title, 13, INK, anchor, 600),
    );
    for (const { at: y, text } of axis.ticks) {
      const words =
        i === 0
          ? svgText(at(i) - 8, y + 4, text, 12, FAINT, 'end')
          : svgText(at(i) + 8, y + 4, text, 12, FAINT, 'start');
      parts.push(`<path d="M${round(at(i)) - 4} ${round(y)}h8" stroke="${AXIS}"/>`, words);
    }
  });
  return finish(parts);
}

/** A panel for each setting: its value and the objective of each complete trial, the darker the later. */
export function drawSlices(space: SearchSpace, trials: readonly Trial[], options: StudyPictureOptions): string {
  const { objective, direction, width = 860 } = options;
  const keys = Object.keys(space);
  const complete = trials.filter(isComplete);
  const columns = Math.min(3, keys.length);
  const rows = Math.ceil(keys.length / columns);
  const [panel, gap] = [230, 70];
  const height = 84 + rows * (panel + gap);
  const best = bestOf(complete, direction);
  const values = complete.map(({ value }) => value);
  const left = roomFor(objectiveAxis(values, panel, 0, 5));
  const wide = (width - left - MARGIN - 34 * (columns - 1)) / columns;
  const subtitle = `${objective} by the value of each setting; a dot for each complete trial, the darker the later; the best in orange`;
  const parts = page(options, subtitle, width, height);
  keys.forEach((key, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const from = left + column * (wide + 34);
    const top = 84 + row * (panel + gap);
    const y = objectiveAxis(values, top + panel, top, 5);
    const x = axisOf(space[key], from + 10, from + wide - 10, 4);
    for (const { at, text } of y.ticks) {
      parts.push(`<path d="M${round(from)} ${round(at)}H${round(from + wide)}" stroke="${GRID}"/>`);
      if (column === 0) parts.push(svgText(from - 8, at + 4, text, 12, FAINT, 'end'));
    }
    for (const { at, text } of x.ticks) parts.push(svgText(at, top + panel + 18, text, 12, FAINT));
    const last = Math.max(1, trials.length - 1);
    for (const trial of complete) {
      const at = x.at(trial.settings[key] ?? null);
      if (at === undefined || trial === best) continue;
      parts.push(dot(at, y.at(trial.value)!, mixed(PALE, STRONG, 0.2 + (0.8 * trial.number) / last), 4));
    }
    const bestAt = best === undefined ? undefined : x.at(best.settings[key] ?? null);
    if (best !== undefined && bestAt !== undefined) parts.push(dot(bestAt, y.at(best.value)!, BEST, 5.5));
    parts.push(
      `<path d="M${round(from)} ${top + panel}h${round(wide)}" stroke="${AXIS}"/>`,
      svgText(from + wide / 2, top + panel + 40, key, 13, INK, 'middle', 600),
    );
  });
  return finish(parts);
}

/** A bar for each setting: its share of what the objective varies by. @param shares from 0 to 1. */
export function drawImportances(shares: Readonly<Record<string, number>>, options: StudyPictureOptions): string {
  const { width = 860 } = options;
  const rows = Object.entries(shares).sort(([, a], [, b]) => b - a);
  const [top, row] = [92, 40];
  const bottom = top + row * rows.length;
  const height = bottom + 66;
  const left = Math.min(300, MARGIN + 16 + 7.4 * rows.reduce((most, [key]) => Math.max(most, key.length), 4));
  const most = rows.reduce((high, [, share]) => Math.max(high, share), 0) || 1;
  const x = axisOf({ kind: 'float', low: 0, high: most, log: false, step: null }, left, width - MARGIN - 50);
  const subtitle =
    "main effects of functional ANOVA: the share of the objective's variance that a setting explains by itself";
  const parts = page(options, subtitle, width, height);
  for (const { at, text } of x.ticks) {
    parts.push(
      `<path d="M${round(at)} ${top}V${bottom}" stroke="${GRID}"/>`,
      svgText(at, bottom + 20, text, 12, FAINT),
    );
  }
  rows.forEach(([key, share], i) => {
    const middle = top + row * (i + 0.5);
    const end = round(x.at(share)!);
    parts.push(
      svgText(left - 12, middle + 4, key, 13, INK, 'end'),
      `<rect x="${round(left)}" y="${middle - 11}" width="${Math.max(1, round(end - left))}" height="22" rx="2" fill="${DOT}" fill-opacity="0.75"/>`,
      svgText(end + 8, middle + 4, share.toFixed(2), 12.5, INK, 'start'),
    );
  });
  parts.push(
    `<path d="M${round(left)} ${top}V${bottom}" stroke="${AXIS}"/>`,
    svgText((left + width - MARGIN) / 2, height - 16, 'share of variance', 13, INK),
  );
  return finish(parts);
}

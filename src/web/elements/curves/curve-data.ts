import type { TypedSeries } from '../../../plot/seed-band.ts';

/** One run: what it logged, by column. */
export interface CurveRun {
  readonly name: string;
  /** One value a row in each, NaN where a row has none: `step`, `time` in seconds, `reward` ... Replace the run, not its numbers. */
  readonly columns: Readonly<Record<string, ArrayLike<number>>>;
}

/** Runs that differ in their seeds alone. */
export interface CurveGroup {
  readonly name: string;
  /** In place of its turn of the series' colours. */
  readonly colour?: string;
  readonly runs: readonly CurveRun[];
}

export const CURVE_AXES = ['step', 'updates', 'episodes', 'minutes'] as const;
/** What curves are drawn over: environment steps, gradient updates, episodes or minutes since the run's first row. */
export type CurveAxis = (typeof CURVE_AXES)[number];

export const axisNames: Readonly<Record<CurveAxis, string>> = {
  step: 'environment steps',
  updates: 'updates',
  episodes: 'episodes',
  minutes: 'minutes',
};

/** Columns that are axes, not curves. */
const NO_METRICS: ReadonlySet<string> = new Set(['step', 'time', 'episodes', 'env_steps', 'updates']);

/** What is drawn when nothing is chosen, the first that there is. */
const USUAL: readonly string[] = ['reward_mean', 'reward', 'eval_reward', 'training_reward', 'loss'];

/** Names of what runs have logged, those that are asked for most often first. */
export function metricsOf(groups: readonly CurveGroup[]): string[] {
  const names = new Set<string>();
  for (const { runs } of groups) {
    for (const { columns } of runs) for (const name of Object.keys(columns)) names.add(name);
  }
  const usual = USUAL.filter((name) => names.has(name));
  const others = [...names].filter((name) => !NO_METRICS.has(name) && !usual.includes(name)).sort();
  return [...usual, ...others];
}

/** Axes for which some run has numbers. */
export function axesOf(groups: readonly CurveGroup[]): CurveAxis[] {
  const has = (name: string): boolean =>
    groups.some(({ runs }) => runs.some(({ columns }) => Object.hasOwn(columns, name)));
  return CURVE_AXES.filter((axis) => {
    if (axis === 'minutes') return has('time');
    return axis === 'step' || has(axis);
  });
}

/** Larger numbers than any that is measured: differences of them could leave the doubles. */
const TOO_LARGE = 1e300;
const isDrawable = (value: number): boolean => Math.abs(value) < TOO_LARGE;

/**
 * The points of one curve: rows whose x and y are numbers that can be drawn. A run whose x falls, as after a mended clock, is sorted.
 * @returns undefined when there is no such row.
 */
export function seriesOf({ columns }: CurveRun, metric: string, axis: CurveAxis): TypedSeries | undefined {
  const values = Object.hasOwn(columns, metric) ? columns[metric] : undefined;
  const place = placesOf(columns, axis);
  if (values === undefined || place === undefined) return undefined;
  const x = new Float64Array(values.length);
  const y = new Float64Array(values.length);
  let count = 0;
  let rises = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const at = place(i);
    if (!isDrawable(value) || !isDrawable(at)) continue;
    if (count > 0 && at < x[count - 1]) rises = false;
    x[count] = at;
    y[count] = value;
    count++;
  }
  if (count === 0) return undefined;
  const series = { x: x.subarray(0, count), y: y.subarray(0, count) };
  return rises ? series : sorted(series);
}

/** Where each row stands on the axis; undefined for an axis that the run lacks. */
function placesOf(columns: CurveRun['columns'], axis: CurveAxis): ((row: number) => number) | undefined {
  const column = (name: string): ArrayLike<number> | undefined =>
    Object.hasOwn(columns, name) ? columns[name] : undefined;
  const step = column('step');
  switch (axis) {
    case 'step': {
      // Tables count iterations as their steps, and steps of the environment in a column of their own.
      const own = column('env_steps');
      if (own === undefined) return step === undefined ? (i) => i : (i) => step[i];
      return (i) => (Number.isNaN(own[i]) && step !== undefined ? step[i] : own[i]);
    }
    case 'minutes': {
      const time = column('time');
      if (time === undefined) return undefined;
      let start = 0;
      while (start < time.length && !isDrawable(time[start])) start++;
      return (i) => (time[i] - time[start]) / 60;
    }
    case 'episodes': {
      const episodes = column('episodes');
      return episodes === undefined ? (i) => i + 1 : (i) => (Number.isNaN(episodes[i]) ? i + 1 : episodes[i]);
    }
    case 'updates': {
      const updates = column('updates');
      return updates === undefined ? undefined : (i) => updates[i];
    }
  }
}

function sorted({ x, y }: TypedSeries): TypedSeries {
  const order = Array.from(x, (_, i) => i).sort((a, b) => x[a] - x[b] || a - b);
  return { x: Float64Array.from(order, (i) => x[i]), y: Float64Array.from(order, (i) => y[i]) };
}

/** The first index whose x is not below `at`; the length when there is none. @param x never falls. */
export function lowerBound(x: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

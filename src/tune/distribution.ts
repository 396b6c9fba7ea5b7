import type { Distribution, FloatRange, IntegerRange, SearchSpace, Settings, SettingValue } from './search-space.ts';

/** How many values a distribution has: Infinity for a range of real numbers without a step. */
export function countOf(distribution: Distribution): number {
  if (distribution.kind === 'choice') return distribution.choices.length;
  const { low, high, step } = distribution;
  // Steps like 0.1 have no exact double.
  return step === null ? Number.POSITIVE_INFINITY : Math.round((high - low) / step) + 1;
}

/** Whether a value is one of a distribution's, wherever its steps fall. */
export function holds(distribution: Distribution, value: SettingValue | undefined): boolean {
  if (distribution.kind === 'choice') return value !== undefined && distribution.choices.includes(value);
  const { kind, low, high } = distribution;
  if (typeof value !== 'number' || (kind === 'int' && !Number.isInteger(value))) return false;
  // Logarithms round.
  const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  return value >= low - slack && value <= high + slack;
}

/** The value of an index, from 0, of a distribution that has finitely many. */
export function valueOfIndex(distribution: Distribution, index: number): SettingValue {
  return distribution.kind === 'choice' ? distribution.choices[index] : onStep(distribution, index);
}

/**
 * Maps [0, 1) onto a distribution: what is uniform there is distributed as the distribution says. Ranges of whole numbers on a
 * logarithm begin half below their low end and end half above their high one, so that each end has its own share.
 */
export function valueAt(distribution: Distribution, unit: number): SettingValue {
  if (distribution.kind === 'choice' || (!distribution.log && distribution.step !== null)) {
    const count = countOf(distribution);
    return valueOfIndex(distribution, Math.min(Math.floor(unit * count), count - 1));
  }
  const { from, to } = edges(distribution);
  return fromLine(distribution, from + unit * (to - from));
}

/** The inverse of `valueAt`: where in [0, 1] a value lies; of several places the middle. */
export function unitOf(distribution: Distribution, value: SettingValue): number {
  if (distribution.kind === 'choice') {
    return (distribution.choices.indexOf(value) + 0.5) / distribution.choices.length;
  }
  const { from, to } = edges(distribution);
  return (onLine(distribution, value as number) - from) / (to - from);
}

/**
 * The line that a range is on, the logarithm's where it has one, from edge to edge: values with a distance stand for all that is
 * nearest to them, so that the line goes on for half a distance beyond the ends.
 */
export function edges({ low, high, log, step }: FloatRange | IntegerRange): {
  readonly from: number;
  readonly to: number;
} {
  const half = (step ?? 0) / 2;
  return log ? { from: Math.log(low - half), to: Math.log(high + half) } : { from: low - half, to: high + half };
}

/** A value's place on the line of `edges`. */
export const onLine = ({ log }: FloatRange | IntegerRange, value: number): number => (log ? Math.log(value) : value);

/** The value nearest to a place on the line of `edges`. */
export function fromLine(range: FloatRange | IntegerRange, place: number): number {
  const { low, high, log, step } = range;
  const value = log ? Math.exp(place) : place;
  if (step === null) return Math.min(Math.max(value, low), high);
  const index = Math.round((value - low) / step);
  return onStep(range, Math.min(Math.max(index, 0), countOf(range) - 1));
}

/** Whether a distribution has a value, on one of its steps where it has these. */
export function contains(distribution: Distribution, value: SettingValue): boolean {
  if (distribution.kind === 'choice') return distribution.choices.includes(value);
  const { low, high, step } = distribution;
  if (typeof value !== 'number' || !(value >= low && value <= high)) return false;
  const place = step === null ? 0 : (value - low) / step;
  return Math.abs(place - Math.round(place)) < STEP_ERROR;
}

/** Of a step: what rounding may add up to. */
const STEP_ERROR = 1e-8;

/** Whether settings have a value of each key of a space. Others may stand beside them. */
export const covers = (settings: Settings, space: SearchSpace): boolean =>
  Object.keys(space).every((key) => Object.hasOwn(settings, key));

function onStep({ kind, low, high, step }: FloatRange | IntegerRange, index: number): number {
  const value = low + index * (step as number);
  // 0.1 * 3 is to be 0.3 for people.
  return kind === 'int' ? value : Math.min(Number(value.toPrecision(12)), high);
}

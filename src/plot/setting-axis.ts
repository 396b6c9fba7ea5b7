import { scaleLinear, scaleLog, scalePoint } from 'd3-scale';
import { largest, smallest } from '../core/extremes.ts';
import type { Distribution, SettingValue } from '../tune/search-space.ts';
import { logTicks, shortNumber } from './short-number.ts';

/** Where the values of a setting, or of an objective, lie along a line. */
export interface SettingAxis {
  /** Undefined for a value that the axis does not have. */
  at(value: SettingValue): number | undefined;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** @param from, to pixels of the first and the last value. @param most ticks, about. */
export function axisOf(distribution: Distribution, from: number, to: number, most = 5): SettingAxis {
  if (distribution.kind === 'choice') {
    const names = distribution.choices.map((choice) => JSON.stringify(choice));
    const scale = scalePoint(names, [from, to]).padding(0.5);
    return {
      at: (value) => scale(JSON.stringify(value)),
      ticks: distribution.choices.map((choice, i) => ({ at: scale(names[i])!, text: String(choice) })),
    };
  }
  const { low, high, log, kind } = distribution;
  const scale = (log ? scaleLog : scaleLinear)([low, high], [from, to]);
  const found = scale.ticks(most).filter((tick) => kind === 'float' || Number.isInteger(tick));
  const ticks = log && found.length > most ? fewerTicks(found) : found;
  // A logarithm's ticks may be far too few, or none that fits.
  const shown = ticks.length >= 2 ? ticks : [low, high];
  return {
    at: (value) => (typeof value === 'number' ? scale(value) : undefined),
    ticks: shown.map((tick) => ({ at: scale(tick), text: shortNumber(tick) })),
  };
}

/** Of a logarithm's ticks the powers of ten; where there are none or one, those that begin with 1, 2 or 5. */
function fewerTicks(ticks: readonly number[]): readonly number[] {
  const powers = logTicks(ticks);
  return powers.length < ticks.length ? powers : ticks.filter((tick) => /^[125]e/.test(tick.toExponential()));
}

/** The axis of an objective: all its values with some room; by powers of ten where they differ by more than two of them. */
export function objectiveAxis(values: readonly number[], from: number, to: number, most = 6): SettingAxis {
  const [low, high] = [smallest(values), largest(values)];
  const log = low > 0 && high / low > 100;
  const room = (high > low ? high - low : Math.abs(low) || 1) * 0.05;
  const ends = log ? { low: low / 1.2, high: high * 1.2 } : { low: low - room, high: high + room };
  return axisOf({ kind: 'float', ...ends, log, step: null }, from, to, most);
}

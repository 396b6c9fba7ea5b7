import type { ResetOptions } from '../../core/env.ts';
import { OptionError } from '../../core/errors.ts';

/** The reset options `low` and `high`, bounds of the first state.
 * @throws OptionError unless they are finite numbers in this order. */
export function startBounds(
  options: ResetOptions['options'],
  defaultLow: number,
  defaultHigh: number,
): readonly [low: number, high: number] {
  const low = options?.['low'] ?? defaultLow;
  const high = options?.['high'] ?? defaultHigh;
  if (typeof low !== 'number' || !Number.isFinite(low)) throw new OptionError('low', low, 'a number');
  if (typeof high !== 'number' || !(high >= low && Number.isFinite(high))) {
    throw new OptionError('high', high, `a number not below low (${low})`);
  }
  return [low, high];
}

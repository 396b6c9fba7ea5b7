import { OptionError } from '../core/errors.ts';
import { largest, smallest } from '../core/extremes.ts';

/** Mean, spread and confidence of a score. */
export interface Summary {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (n - 1); 0 for a single value. */
  readonly std: number;
  /** Half the width of the 95 % confidence interval of the mean by Student's t; undefined for a single value. */
  readonly halfWidth95: number | undefined;
  readonly min: number;
  readonly max: number;
}

/** @param values at least one.
 * @throws OptionError without any. */
export function summarize(values: readonly number[]): Summary {
  const n = values.length;
  if (n === 0) throw new OptionError('values', values, 'at least one number');
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = n > 1 ? values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) : 0;
  const std = Math.sqrt(variance);
  return {
    n,
    mean,
    std,
    halfWidth95: n > 1 ? (studentT975(n - 1) * std) / Math.sqrt(n) : undefined,
    min: smallest(values),
    max: largest(values),
  };
}

/** Exact values for few degrees of freedom, where the expansion below is not good enough. */
const T975 = [12.7062047362, 4.3026527297, 3.1824463053, 2.7764451052, 2.5705818356];

/**
 * The 97.5 % point of Student's t distribution, by the Cornish-Fisher expansion about the normal point z
 * (Abramowitz & Stegun 26.7.5); good to 1e-4 beyond five degrees of freedom.
 * @throws OptionError unless the degrees of freedom are a whole number from 1 up.
 */
export function studentT975(degrees: number): number {
  if (!(Number.isSafeInteger(degrees) && degrees >= 1))
    throw new OptionError('degrees', degrees, 'a whole number from 1 up');
  const exact = T975[degrees - 1];
  if (exact !== undefined) return exact;
  const z = 1.959963984540054;
  const n = degrees;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + g1 / n + g2 / n ** 2 + g3 / n ** 3 + g4 / n ** 4;
}

import { OptionError } from '../core/errors.ts';

/**
 * A quantile of sorted values, on the straight line between the two nearest (R's and NumPy's default, type 7).
 * @param sorted rising, at least one.
 * @param share from 0 to 1: 0.5 is the median.
 * @throws OptionError without values, and for another share.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (!(sorted.length > 0)) throw new OptionError('values', [], 'at least one number');
  if (!(share >= 0 && share <= 1)) throw new OptionError('share', share, 'a number from 0 to 1');
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const value = sorted[below];
  return below + 1 < sorted.length ? value + (sorted[below + 1] - value) * (place - below) : value;
}

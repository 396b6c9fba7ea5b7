import { MismatchError, OptionError } from '../core/errors.ts';
import { sizeOf } from '../core/shape.ts';
import type { Box, BoxType } from '../spaces/box.ts';

/** Numbers of bins of each element.
 * @param bins one number for all, or one for each.
 * @throws OptionError unless they are integers from 1 to 2^24, one for each element. */
export function binCounts(bins: unknown, size: number): Int32Array {
  const list = typeof bins === 'number' ? new Array<number>(size).fill(bins) : bins;
  if (
    !Array.isArray(list) ||
    list.length !== size ||
    !list.every((n) => Number.isSafeInteger(n) && n > 0 && n <= 2 ** 24)
  ) {
    throw new OptionError('bins', bins, `an integer from 1 to 2^24, or ${size} of them`);
  }
  return Int32Array.from(list);
}

/** The number of cells, where each has one number.
 * @throws OptionError for more than 2^31. */
export function cellCount(bins: unknown, counts: Int32Array): number {
  const cells = sizeOf(Array.from(counts));
  if (cells > 2 ** 31) throw new OptionError('bins', bins, 'fewer: 2^31 cells at most');
  return cells;
}

/** @throws MismatchError when a bound is infinite. */
export function finiteBounds(box: Box<BoxType>, wrapper: string, cure: string): void {
  if (!box.isBounded()) throw new MismatchError(`${wrapper} needs finite bounds, got ${box}.${cure}`);
}

/** One number for the indices, the last of which runs fastest. */
export function flatIndex(indices: ArrayLike<number>, counts: Int32Array): number {
  let flat = 0;
  for (let i = 0; i < counts.length; i++) flat = flat * counts[i] + indices[i];
  return flat;
}

/** The indices of a flat number. */
export function unflatIndex(flat: number, counts: Int32Array): Int32Array {
  const indices = new Int32Array(counts.length);
  let rest = flat;
  for (let i = counts.length - 1; i >= 0; i--) {
    indices[i] = rest % counts[i];
    rest = Math.floor(rest / counts[i]);
  }
  return indices;
}

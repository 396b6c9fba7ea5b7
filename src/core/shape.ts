import { OptionError } from './errors.ts';

/** Number of elements of an array with axes of these lengths; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** More would be a gigabyte or more, of arrays that are filled at once: nobody means it. */
const MOST_ELEMENTS = 2 ** 30;

/** @throws OptionError unless an array of this shape has at most 2^30 elements. */
export function checkSize(name: string, shape: readonly number[]): void {
  if (!(sizeOf(shape) <= MOST_ELEMENTS)) throw new OptionError(name, shape, 'at most 2^30 elements');
}

/** Whether a value is an array of numbers of any kind; callers without types give what they like. */
export const areNumbers = (value: unknown): value is ArrayLike<number> =>
  Array.isArray(value)
    ? value.every((item) => typeof item === 'number')
    : ArrayBuffer.isView(value) && !(value instanceof DataView) && typeof (value as Uint8Array)[0] !== 'bigint';

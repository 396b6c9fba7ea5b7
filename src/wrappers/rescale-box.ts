import { OptionError } from '../core/errors.ts';
import { Box, type BoxArrays, type BoxType } from '../spaces/box.ts';
import { roundingOf } from './box-wrapped.ts';

export interface RescaledBox {
  /** The box with the new bounds. */
  readonly space: Box<BoxType>;
  /** From the old bounds to the new: `gradient * x + intercept`, into fresh memory. */
  readonly forward: <T extends BoxArrays[BoxType]>(x: T) => T;
  /** From the new bounds to the old, into fresh memory. */
  readonly backward: <T extends BoxArrays[BoxType]>(x: T) => T;
}

/**
 * Maps a box linearly onto new bounds, with Gymnasium's arithmetic in the box's own precision.
 * @param low one new bound for all elements, or one for each. An infinite old bound needs the same new one.
 * @throws OptionError for bounds that do not fit.
 */
export function rescaleBox(
  box: Box<BoxType>,
  low: number | ArrayLike<number>,
  high: number | ArrayLike<number>,
): RescaledBox {
  const newLow = spread('min', low, box.size);
  const newHigh = spread('max', high, box.size);
  const round = roundingOf(box.dtype);
  const gradient = new Float64Array(box.size).fill(1);
  const intercept = new Float64Array(box.size);
  for (let i = 0; i < box.size; i++) {
    checkInfinite('min', newLow[i], box.low[i]);
    checkInfinite('max', newHigh[i], box.high[i]);
    if (!(newLow[i] <= newHigh[i])) throw new OptionError('min', newLow[i], `a number not above max (${newHigh[i]})`);
    if (Number.isFinite(newLow[i]) && Number.isFinite(newHigh[i])) {
      gradient[i] = round((newHigh[i] - newLow[i]) / (box.high[i] - box.low[i]));
    }
    if (Number.isFinite(newHigh[i])) intercept[i] = round(newHigh[i] - box.high[i]);
    if (Number.isFinite(newLow[i])) intercept[i] = round(round(gradient[i] * -box.low[i]) + newLow[i]);
  }
  return {
    space: new Box<BoxType>(newLow, newHigh, box.shape, box.dtype),
    forward: <T extends BoxArrays[BoxType]>(x: T) => {
      const out: BoxArrays[BoxType] = x.slice();
      for (let i = 0; i < out.length; i++) out[i] = round(gradient[i] * x[i]) + intercept[i];
      return out as T;
    },
    backward: <T extends BoxArrays[BoxType]>(x: T) => {
      const out: BoxArrays[BoxType] = x.slice();
      for (let i = 0; i < out.length; i++) out[i] = round(x[i] - intercept[i]) / gradient[i];
      return out as T;
    },
  };
}

function spread(name: string, bound: unknown, size: number): Float64Array {
  if (typeof bound === 'number' && !Number.isNaN(bound)) return new Float64Array(size).fill(bound);
  const list = typeof bound === 'object' && bound !== null ? Float64Array.from(bound as ArrayLike<number>) : undefined;
  if (list === undefined || list.length !== size || list.some(Number.isNaN)) {
    throw new OptionError(name, bound, `a number, or ${size} numbers`);
  }
  return list;
}

function checkInfinite(name: string, bound: number, old: number): void {
  if ((Number.isFinite(bound) && Number.isFinite(old)) || bound === old) return;
  throw new OptionError(name, bound, `${old} where the space has that bound: infinite bounds stay as they are`);
}

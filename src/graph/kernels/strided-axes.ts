import { sizeOf } from '../../core/shape.ts';
import type { Shape } from '../tensor-spec.ts';
import { stridesOf } from '../tensor-spec.ts';

/** Axes that kernels walk over: exactly four, and for each operand the elements from one index to the next. */
export interface StridedAxes {
  readonly lengths: readonly number[];
  readonly steps: readonly (readonly number[])[];
}

const AXES = 4;

/**
 * Joins axes over which every operand goes in even steps, and fills up with axes of length 1.
 * @param steps of each operand along each axis.
 * @returns undefined where more than four axes remain.
 */
export function joinAxes(shape: Shape, steps: readonly (readonly number[])[]): StridedAxes | undefined {
  const lengths: number[] = [];
  const joined: number[][] = steps.map(() => []);
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const last = lengths.length - 1;
    if (last >= 0 && steps.every((step, i) => joined[i][last] === step[axis] * length)) {
      lengths[last] *= length;
      for (const [i, step] of steps.entries()) joined[i][last] = step[axis];
      return;
    }
    lengths.push(length);
    for (const [i, step] of steps.entries()) joined[i].push(step[axis]);
  });
  if (lengths.length > AXES) return undefined;
  const missing = AXES - lengths.length;
  return {
    lengths: [...Array<number>(missing).fill(1), ...lengths],
    steps: joined.map((step) => [...Array<number>(missing).fill(0), ...step]),
  };
}

/** The steps through a tensor of shape `from` while it is broadcast to `to`. */
export function broadcastSteps(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const outer = to.length - from.length;
  return to.map((_, axis) => (axis < outer || from[axis - outer] === 1 ? 0 : strides[axis - outer]));
}

/** Lengths before, of and after an axis, or several axes side by side. */
export function around(shape: Shape, axis: number, count = 1): { outer: number; length: number; inner: number } {
  return {
    outer: sizeOf(shape.slice(0, axis)),
    length: sizeOf(shape.slice(axis, axis + count)),
    inner: sizeOf(shape.slice(axis + count)),
  };
}

import { sizeOf } from '../../core/shape.ts';
import type { Shape } from '../tensor-spec.ts';
import { sameShape, stridesOf } from '../tensor-spec.ts';

/**
 * For each element of a tensor of shape `to`, the offset of the element of the smaller tensor that it reads under NumPy's
 * broadcasting. For the interpreter: clear, and fast only for numbers and equal shapes.
 */
export function broadcastOffsets(from: Shape, to: Shape): Int32Array {
  if (sizeOf(from) === 1) return new Int32Array(sizeOf(to));
  if (sameShape(from, to)) return new Int32Array(sizeOf(to)).map((_, i) => i);
  const strides = stridesOf(from);
  const outer = to.length - from.length;
  const step = to.map((_, axis) => (axis < outer || from[axis - outer] === 1 ? 0 : strides[axis - outer]));
  return stridedOffsets(to, step);
}

/** Offsets `sum(index[axis] * step[axis])` of all indices of a shape, in row-major order. */
export function stridedOffsets(shape: Shape, step: readonly number[], start = 0): Int32Array {
  const offsets = new Int32Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let offset = start;
  for (let i = 0; i < offsets.length; i++) {
    offsets[i] = offset;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      offset += step[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= step[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return offsets;
}

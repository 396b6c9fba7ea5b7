/** Zeros around a tensor, and a box of it: each is the other's gradient. */
import { ShapeError } from '../../core/errors.ts';
import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../graph.ts';
import { describe, normalizeAxes, requireDType, stridesOf } from '../tensor-spec.ts';
import { stridedOffsets } from './broadcast.ts';

/** Zeros around the tensor: `before[a]` and `after[a]` of them along axis a. */
export function pad(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
  requireDType('pad', x, 'float32', 'uint8');
  const valid = [...before, ...after].every((n) => Number.isInteger(n) && n >= 0);
  if (before.length !== x.shape.length || after.length !== x.shape.length || !valid) {
    throw new ShapeError(`pad: [${before.join(', ')}] and [${after.join(', ')}] do not fit ${describe(x)}.`);
  }
  if ([...before, ...after].every((n) => n === 0)) return x;
  const shape = x.shape.map((length, axis) => before[axis] + length + after[axis]);
  return x.graph.add({
    op: 'Pad',
    inputs: [x],
    attributes: { before: [...before], after: [...after] },
    dtype: x.dtype,
    shape,
    evaluate: ([a]) => {
      const out = new Float64Array(sizeOf(shape));
      const strides = stridesOf(shape);
      const first = before.reduce((offset, n, axis) => offset + n * strides[axis], 0);
      stridedOffsets(a.shape, strides, first).forEach((offset, i) => {
        out[offset] = a.data[i];
      });
      return out;
    },
    emit: (onnx, [a]) => onnx.node('Pad', [a, onnx.int64s([...before, ...after])], { mode: 'constant' }),
    gradient: (dy) => [
      crop(
        dy,
        before,
        before.map((n, axis) => n + x.shape[axis]),
      ),
    ],
  });
}

/** Elements start <= i < end along one axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const [along] = normalizeAxes('slice', axis, x.shape);
  const starts = x.shape.map((_, i) => (i === along ? start : 0));
  const ends = x.shape.map((length, i) => (i === along ? end : length));
  return crop(x, starts, ends);
}

/** A box of the tensor: starts[a] <= index < ends[a] along every axis. */
export function crop(x: Tensor, starts: readonly number[], ends: readonly number[]): Tensor {
  const shape = starts.map((start, axis) => ends[axis] - start);
  const fits = starts.every((start, axis) => Number.isInteger(start) && start >= 0 && shape[axis] > 0);
  if (starts.length !== x.shape.length || !fits || !ends.every((end, axis) => end <= x.shape[axis])) {
    throw new ShapeError(`slice: [${starts.join(', ')}] to [${ends.join(', ')}] is not inside ${describe(x)}.`);
  }
  const cropped = shape.flatMap((length, axis) => (length < x.shape[axis] ? [axis] : []));
  if (cropped.length === 0) return x;
  return x.graph.add({
    op: 'Slice',
    inputs: [x],
    attributes: { starts: [...starts], ends: [...ends] },
    dtype: x.dtype,
    shape,
    evaluate: ([a]) => {
      const strides = stridesOf(a.shape);
      const first = starts.reduce((offset, start, axis) => offset + start * strides[axis], 0);
      return Float64Array.from(stridedOffsets(shape, strides, first), (offset) => a.data[offset]);
    },
    // Only the axes that get shorter, so that the batch axis stays free.
    emit: (onnx, [a]) =>
      onnx.node('Slice', [
        a,
        onnx.int64s(cropped.map((axis) => starts[axis])),
        onnx.int64s(cropped.map((axis) => ends[axis])),
        onnx.int64s(cropped),
      ]),
    gradient: (dy) => [
      pad(
        dy,
        starts,
        ends.map((end, axis) => x.shape[axis] - end),
      ),
    ],
  });
}

import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../tensor.ts';
import { describe, normalizeAxes, stridesOf } from '../tensor.ts';
import { stridedOffsets } from './broadcast.ts';
import { pad } from './pad.ts';

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
  const cut = shape.flatMap((length, axis) => (length < x.shape[axis] ? [axis] : []));
  if (cut.length === 0) return x;
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
    // Only the axes that are cut, so that the batch axis stays free.
    emit: (onnx, [a]) =>
      onnx.node('Slice', [
        a,
        onnx.int64s(cut.map((axis) => starts[axis])),
        onnx.int64s(cut.map((axis) => ends[axis])),
        onnx.int64s(cut),
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

import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../tensor.ts';
import { describe, requireDType, sizeOf, stridesOf } from '../tensor.ts';
import { stridedOffsets } from './broadcast.ts';
import { crop } from './slice.ts';

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

import { ShapeError } from '../../core/errors.ts';
import type { Shape, Tensor } from '../tensor.ts';
import { broadcastShapes, describe, sameShape, sizeOf } from '../tensor.ts';
import { broadcastOffsets } from './broadcast.ts';
import { sumTo } from './reduce-sum.ts';

/** Repeats along missing axes and axes of length 1 until the shape is reached. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes('broadcastTo', x.shape, shape), shape)) {
    throw new ShapeError(`broadcastTo: ${describe(x)} does not broadcast to [${shape.join(', ')}].`);
  }
  return x.graph.add({
    op: 'Expand',
    inputs: [x],
    dtype: x.dtype,
    shape: [...shape],
    evaluate: ([a]) => {
      const offsets = broadcastOffsets(a.shape, shape);
      return Float64Array.from({ length: sizeOf(shape) }, (_, i) => a.data[offsets[i]]);
    },
    emit: (onnx, [a]) => onnx.node('Expand', [a, onnx.int64s(shape)]),
    gradient: (dy) => [sumTo(dy, x.shape)],
  });
}

/** Sums over axes, and repeating along them: each is the other's gradient. */
import { ShapeError } from '../../core/errors.ts';
import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../graph.ts';
import type { Shape } from '../tensor-spec.ts';
import { broadcastShapes, describe, normalizeAxes, requireDType, sameShape } from '../tensor-spec.ts';
import { broadcastOffsets } from './broadcast.ts';
import { reshape } from './reshape.ts';

export interface ReduceOptions {
  /** Keep reduced axes with length 1; default false. */
  readonly keepDims?: boolean;
}

/** Shapes of a reduction: with the reduced axes at length 1, and as the user wants it. */
export function reducedShapes(
  shape: Shape,
  axes: readonly number[],
  keepDims: boolean,
): { kept: Shape; result: Shape } {
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  return { kept, result: keepDims ? kept : shape.filter((_, axis) => !axes.includes(axis)) };
}

/** Sum over axes (all by default; negative ones count from the end). */
export function reduceSum(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  requireDType('reduceSum', x, 'float32', 'int32');
  const over = normalizeAxes('reduceSum', axes, x.shape);
  const keepDims = options.keepDims ?? false;
  const { kept, result } = reducedShapes(x.shape, over, keepDims);
  if (over.length === 0) return x;
  return x.graph.add({
    op: 'ReduceSum',
    inputs: [x],
    attributes: { axes: over, keepdims: Number(keepDims) },
    dtype: x.dtype,
    shape: result,
    evaluate: ([a]) => {
      const out = new Float64Array(sizeOf(result));
      const offsets = broadcastOffsets(kept, a.shape);
      a.data.forEach((v, i) => {
        out[offsets[i]] += v;
      });
      return out;
    },
    emit: (onnx, [a]) => onnx.node('ReduceSum', [a, onnx.int64s(over)], { keepdims: Number(keepDims) }),
    gradient: (dy) => [broadcastTo(reshape(dy, kept), x.shape)],
  });
}

/** Sums a broadcast gradient back to the shape of the operand that was broadcast. */
export function sumTo(dy: Tensor, shape: Shape): Tensor {
  if (sameShape(dy.shape, shape)) return dy;
  const outer = dy.shape.length - shape.length;
  const axes = dy.shape.flatMap((length, axis) =>
    axis < outer || (shape[axis - outer] === 1 && length > 1) ? [axis] : [],
  );
  return reshape(reduceSum(dy, axes), shape);
}

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

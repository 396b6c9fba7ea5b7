import { ShapeError } from '../../core/errors.ts';
import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../graph.ts';
import type { Shape } from '../tensor-spec.ts';
import { describe, sameShape } from '../tensor-spec.ts';

/** The same elements in another shape; one length may be -1 and is worked out. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const result = shape.map((length) => (length === -1 ? sizeOf(x.shape) / known : length));
  if (
    shape.filter((length) => length === -1).length > 1 ||
    !result.every(Number.isInteger) ||
    sizeOf(result) !== sizeOf(x.shape)
  ) {
    throw new ShapeError(`reshape: ${describe(x)} does not fit shape [${shape.join(', ')}].`);
  }
  if (sameShape(x.shape, result)) return x;
  return x.graph.add({
    op: 'Reshape',
    inputs: [x],
    dtype: x.dtype,
    shape: result,
    evaluate: ([a]) => a.data.slice(),
    emit: (onnx, [a]) => onnx.node('Reshape', [a, onnx.int64s(flexible(x.shape, result))]),
    gradient: (dy) => [reshape(dy, x.shape)],
  });
}

/** Puts an axis of length 1 before axis `axis`; at the end for the rank. */
export function expandDims(x: Tensor, axis: number): Tensor {
  return reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);
}

/** From axis 0 on, [B, ...] becomes [B, everything else]. */
export function flatten(x: Tensor): Tensor {
  return reshape(x, [x.shape[0] ?? 1, -1]);
}

/** Leaves the outermost length open, so that a model with a symbolic batch reshapes any batch. ONNX reads 0 as "copy". */
function flexible(from: Shape, to: Shape): number[] {
  if (to.length === 0) return [];
  return [from[0] === to[0] ? 0 : -1, ...to.slice(1)];
}

import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../graph.ts';
import { describe, stridesOf } from '../tensor-spec.ts';
import { stridedOffsets } from './broadcast.ts';

/** Permutes the axes: axis i of the result is axis `order[i]` of x. By default the order is reversed. */
export function transpose(x: Tensor, order: readonly number[] = x.shape.map((_, i) => x.shape.length - 1 - i)): Tensor {
  if ([...order].sort((a, b) => a - b).join() !== x.shape.map((_, i) => i).join()) {
    throw new ShapeError(`transpose: [${order.join(', ')}] is not an order of the axes of ${describe(x)}.`);
  }
  if (order.every((axis, i) => axis === i)) return x;
  const shape = order.map((axis) => x.shape[axis]);
  return x.graph.add({
    op: 'Transpose',
    inputs: [x],
    attributes: { perm: [...order] },
    dtype: x.dtype,
    shape,
    evaluate: ([a]) => {
      const strides = stridesOf(a.shape);
      const offsets = stridedOffsets(
        shape,
        order.map((axis) => strides[axis]),
      );
      return Float64Array.from(offsets, (offset) => a.data[offset]);
    },
    gradient: (dy) => [transpose(dy, inverse(order))],
  });
}

function inverse(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}

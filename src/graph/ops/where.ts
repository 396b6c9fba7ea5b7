import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../graph.ts';
import { broadcastShapes, describe, requireDType } from '../tensor-spec.ts';
import { broadcastOffsets } from './broadcast.ts';
import type { Operand } from './elementwise.ts';
import { operands } from './elementwise.ts';
import { sumTo } from './sum-and-broadcast.ts';

/** a where the condition holds, b elsewhere; all three broadcast. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const [p, q] = operands('where', a, b);
  requireDType('where', condition, 'bool');
  if (p.dtype !== q.dtype) throw new ShapeError(`where: ${describe(p)} and ${describe(q)} differ in type.`);
  const shape = broadcastShapes('where', condition.shape, broadcastShapes('where', p.shape, q.shape));
  return p.graph.add({
    op: 'Where',
    inputs: [condition, p, q],
    dtype: p.dtype,
    shape,
    evaluate: ([c, x, y]) => {
      const [i, j, k] = [c, x, y].map((values) => broadcastOffsets(values.shape, shape));
      return new Float64Array(i.length).map((_, n) => (c.data[i[n]] !== 0 ? x.data[j[n]] : y.data[k[n]]));
    },
    gradient: (dy, _, [, wantP, wantQ]) => [
      undefined,
      wantP ? sumTo(where(condition, dy, 0), p.shape) : undefined,
      wantQ ? sumTo(where(condition, 0, dy), q.shape) : undefined,
    ],
  });
}

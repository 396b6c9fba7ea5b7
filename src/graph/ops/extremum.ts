/** The larger or smaller of two tensors, and clipping between two numbers. */
import { OptionError } from '../../core/errors.ts';
import type { Tensor } from '../graph.ts';
import { requireDType } from '../tensor-spec.ts';
import { greaterOrEqual, logicalAnd } from './compare.ts';
import type { Operand } from './elementwise.ts';
import { binary, operands } from './elementwise.ts';
import { sumTo } from './sum-and-broadcast.ts';
import { where } from './where.ts';

/** The larger of each pair, broadcast. Where both are equal the gradient goes to `a`. */
export function maximum(a: Operand, b: Operand): Tensor {
  const [p, q] = operands('maximum', a, b);
  return select('Max', 'maximum', p, q, Math.max, () => greaterOrEqual(p, q));
}

/** The smaller of each pair, broadcast. Where both are equal the gradient goes to `a`. */
export function minimum(a: Operand, b: Operand): Tensor {
  const [p, q] = operands('minimum', a, b);
  return select('Min', 'minimum', p, q, Math.min, () => greaterOrEqual(q, p));
}

/** x limited to [low, high]; the gradient passes where low <= x <= high. @throws OptionError when low > high. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  requireDType('clip', x, 'float32');
  if (!(low <= high)) throw new OptionError('clip bounds', [low, high], 'low <= high');
  return x.graph.add({
    op: 'Clip',
    inputs: [x],
    attributes: { low, high },
    dtype: 'float32',
    shape: x.shape,
    evaluate: ([a]) => a.data.map((v) => Math.min(Math.max(v, low), high)),
    emit: (onnx, [a]) => onnx.node('Clip', [a, onnx.float32s([low], []), onnx.float32s([high], [])]),
    gradient: (dy) => [where(logicalAnd(greaterOrEqual(x, low), greaterOrEqual(high, x)), dy, 0)],
  });
}

function select(
  op: string,
  name: string,
  p: Tensor,
  q: Tensor,
  f: (a: number, b: number) => number,
  takesP: () => Tensor,
): Tensor {
  return binary(p, q, {
    op,
    name,
    types: ['float32', 'int32'],
    f,
    gradient: (dy, _, [wantP, wantQ]) => [
      wantP ? sumTo(where(takesP(), dy, 0), p.shape) : undefined,
      wantQ ? sumTo(where(takesP(), 0, dy), q.shape) : undefined,
    ],
  });
}

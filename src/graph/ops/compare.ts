/** Comparisons and logic: bool results, no gradient. */
import type { Tensor } from '../graph.ts';
import { requireDType } from '../tensor-spec.ts';
import type { Operand } from './elementwise.ts';
import { binary, operands } from './elementwise.ts';

const ordered = ['float32', 'int32'] as const;

function compare(op: string, name: string, a: Operand, b: Operand, f: (x: number, y: number) => boolean): Tensor {
  const [p, q] = operands(name, a, b);
  return binary(p, q, { op, name, types: ordered, result: 'bool', f: (x, y) => Number(f(x, y)) });
}

export function greater(a: Operand, b: Operand): Tensor {
  return compare('Greater', 'greater', a, b, (x, y) => x > y);
}

export function greaterOrEqual(a: Operand, b: Operand): Tensor {
  return compare('GreaterOrEqual', 'greaterOrEqual', a, b, (x, y) => x >= y);
}

export function less(a: Operand, b: Operand): Tensor {
  return compare('Less', 'less', a, b, (x, y) => x < y);
}

export function equal(a: Operand, b: Operand): Tensor {
  return compare('Equal', 'equal', a, b, (x, y) => x === y);
}

export function logicalAnd(a: Tensor, b: Tensor): Tensor {
  return binary(a, b, { op: 'And', name: 'logicalAnd', types: ['bool'], f: (x, y) => x * y });
}

export function logicalNot(x: Tensor): Tensor {
  requireDType('logicalNot', x, 'bool');
  return x.graph.add({
    op: 'Not',
    inputs: [x],
    dtype: 'bool',
    shape: x.shape,
    evaluate: ([a]) => a.data.map((v) => 1 - v),
  });
}

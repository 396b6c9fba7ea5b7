import type { Tensor } from '../graph.ts';
import type { Operand } from './elementwise.ts';
import { binary, operands, unary } from './elementwise.ts';
import { sumTo } from './sum-and-broadcast.ts';

const numeric = ['float32', 'int32'] as const;

/** a + b with NumPy's broadcasting. */
export function add(a: Operand, b: Operand): Tensor {
  const [p, q] = operands('add', a, b);
  return binary(p, q, {
    op: 'Add',
    name: 'add',
    types: numeric,
    f: (x, y) => x + y,
    gradient: (dy) => [sumTo(dy, p.shape), sumTo(dy, q.shape)],
  });
}

/** a - b with NumPy's broadcasting. */
export function sub(a: Operand, b: Operand): Tensor {
  const [p, q] = operands('sub', a, b);
  return binary(p, q, {
    op: 'Sub',
    name: 'sub',
    types: numeric,
    f: (x, y) => x - y,
    gradient: (dy, _, [, wantQ]) => [sumTo(dy, p.shape), wantQ ? neg(sumTo(dy, q.shape)) : undefined],
  });
}

/** a * b, elementwise, with NumPy's broadcasting. */
export function mul(a: Operand, b: Operand): Tensor {
  const [p, q] = operands('mul', a, b);
  return binary(p, q, {
    op: 'Mul',
    name: 'mul',
    types: numeric,
    f: (x, y) => x * y,
    gradient: (dy, _, [wantP, wantQ]) => [
      wantP ? sumTo(mul(dy, q), p.shape) : undefined,
      wantQ ? sumTo(mul(dy, p), q.shape) : undefined,
    ],
  });
}

/** a / b, elementwise, with NumPy's broadcasting; float32 only. */
export function div(a: Operand, b: Operand): Tensor {
  const [p, q] = operands('div', a, b);
  return binary(p, q, {
    op: 'Div',
    name: 'div',
    types: ['float32'],
    f: (x, y) => x / y,
    gradient: (dy, y, [wantP, wantQ]) => [
      wantP ? sumTo(div(dy, q), p.shape) : undefined,
      wantQ ? neg(sumTo(div(mul(dy, y), q), q.shape)) : undefined,
    ],
  });
}

/** -x */
export function neg(x: Tensor): Tensor {
  return unary(
    'Neg',
    'neg',
    x,
    (v) => -v,
    (dy) => neg(dy),
  );
}

/** x * x */
export function square(x: Tensor): Tensor {
  return mul(x, x);
}

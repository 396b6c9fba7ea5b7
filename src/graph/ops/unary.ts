/** Smooth functions of one variable. */
import type { Tensor } from '../graph.ts';
import { div, mul, neg, sub } from './arithmetic.ts';
import { unary } from './elementwise.ts';

/** e^x */
export function exp(x: Tensor): Tensor {
  return unary('Exp', 'exp', x, Math.exp, (dy, y) => mul(dy, y));
}

/** Natural logarithm. */
export function log(x: Tensor): Tensor {
  return unary('Log', 'log', x, Math.log, (dy) => div(dy, x));
}

/** Square root; its gradient at 0 is infinite. */
export function sqrt(x: Tensor): Tensor {
  return unary('Sqrt', 'sqrt', x, Math.sqrt, (dy, y) => div(mul(dy, 0.5), y));
}

/** Cosine of an angle in radians. */
export function cos(x: Tensor): Tensor {
  return unary('Cos', 'cos', x, Math.cos, (dy) => neg(mul(dy, sin(x))));
}

/** Sine of an angle in radians. */
export function sin(x: Tensor): Tensor {
  return unary('Sin', 'sin', x, Math.sin, (dy) => mul(dy, cos(x)));
}

/** Hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  return unary('Tanh', 'tanh', x, Math.tanh, (dy, y) => mul(dy, sub(1, mul(y, y))));
}

/** 1 / (1 + e^-x) */
export function sigmoid(x: Tensor): Tensor {
  return unary(
    'Sigmoid',
    'sigmoid',
    x,
    (v) => 1 / (1 + Math.exp(-v)),
    (dy, y) => mul(dy, mul(y, sub(1, y))),
  );
}

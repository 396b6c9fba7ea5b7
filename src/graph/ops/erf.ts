import type { Tensor } from '../graph.ts';
import { abs, sign } from './abs.ts';
import { add, div, mul, neg, square, sub } from './arithmetic.ts';
import { exp } from './unary.ts';
import { withGradient } from './with-gradient.ts';

/** Abramowitz & Stegun 1964, 7.1.26: p, and a5 down to a1. */
const P = 0.3275911;
const A = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592] as const;

/**
 * The error function, 2 / sqrt(pi) times the integral of e^-t² from 0 to x, as 1 - (a1 t + ... + a5 t⁵) e^-x² with
 * t = 1 / (1 + p x) for x from 0 up: within 1.5e-7 of it (Abramowitz & Stegun 1964, 7.1.26), little more than singles near
 * 1 are apart. Its gradient is the true one, 2 / sqrt(pi) e^-x².
 */
export function erf(x: Tensor): Tensor {
  const t = div(1, add(1, mul(abs(x), P)));
  const bell = exp(neg(square(x)));
  const [a5, ...rest] = A;
  const series = rest.reduce((sum, a) => mul(add(sum, a), t), mul(t, a5));
  const value = mul(sign(x), sub(1, mul(series, bell)));
  return withGradient(value, [x], (dy) => [mul(dy, mul(bell, 2 / Math.sqrt(Math.PI)))]);
}

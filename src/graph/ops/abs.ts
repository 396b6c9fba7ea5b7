import type { Tensor } from '../graph.ts';
import { mul } from './arithmetic.ts';
import { unary } from './elementwise.ts';
import { zeros } from './zeros.ts';

/** |x|; the gradient at 0 is 0. */
export function abs(x: Tensor): Tensor {
  return unary('Abs', 'abs', x, Math.abs, (dy) => mul(dy, sign(x)));
}

/** -1, 0 or 1; its gradient is zero everywhere. */
export function sign(x: Tensor): Tensor {
  return unary('Sign', 'sign', x, Math.sign, (dy) => zeros(dy.graph, dy.shape));
}

import type { Tensor } from '../tensor.ts';
import { sign } from './abs.ts';
import { mul } from './arithmetic.ts';
import { unary } from './elementwise.ts';

/** max(x, 0); the gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  // The output is never negative, so its sign is the mask of where the gradient passes.
  return unary(
    'Relu',
    'relu',
    x,
    (v) => Math.max(v, 0),
    (dy, y) => mul(dy, sign(y)),
  );
}

import type { Tensor } from '../graph.ts';
import { greater } from './compare.ts';
import { unary } from './elementwise.ts';
import { where } from './where.ts';

/** max(x, 0); the gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  return unary(
    'Relu',
    'relu',
    x,
    (v) => Math.max(v, 0),
    (dy, y) => where(greater(y, 0), dy, 0),
  );
}

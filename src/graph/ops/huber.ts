import type { Tensor } from '../graph.ts';
import { mul, sub } from './arithmetic.ts';
import { clip } from './extremum.ts';

/**
 * Huber's function: x²/2 where |x| <= delta, delta (|x| - delta/2) beyond. Its gradient is x clipped to ±delta, which
 * is the "error clipping" of Mnih et al. 2015 for delta 1.
 */
export function huber(x: Tensor, delta = 1): Tensor {
  const c = clip(x, -delta, delta);
  return mul(c, sub(x, mul(c, 0.5)));
}

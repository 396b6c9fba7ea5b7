import type { Tensor } from '../graph.ts';
import { mul } from './arithmetic.ts';
import { maximum } from './extremum.ts';

/** x above 0, slope * x below. @param slope from 0 to 1; default 0.01, as PyTorch's `leaky_relu`. */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return maximum(x, mul(x, slope));
}

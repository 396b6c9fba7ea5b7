import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../graph.ts';
import { requireDType } from '../tensor-spec.ts';
import { div } from './arithmetic.ts';
import type { ReduceOptions } from './sum-and-broadcast.ts';
import { reduceSum } from './sum-and-broadcast.ts';

/** Mean over axes (all by default). */
export function reduceMean(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  requireDType('reduceMean', x, 'float32');
  const total = reduceSum(x, axes, options);
  return div(total, sizeOf(x.shape) / sizeOf(total.shape));
}

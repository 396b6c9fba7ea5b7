import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../tensor.ts';
import { describe } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { cast } from './cast.ts';
import { equal } from './compare.ts';
import { reduceSum } from './reduce-sum.ts';
import { reshape } from './reshape.ts';

/** 1 at each index and 0 elsewhere: indices int32 [...] → float32 [..., depth]. */
export function oneHot(indices: Tensor, depth: number): Tensor {
  if (indices.dtype !== 'int32') throw new ShapeError(`oneHot: indices must be int32, got ${describe(indices)}.`);
  const classes = indices.graph.constant(
    Array.from({ length: depth }, (_, i) => i),
    [depth],
    'int32',
  );
  return cast(equal(reshape(indices, [...indices.shape, 1]), classes), 'float32');
}

/**
 * The value of the action taken in each row: q [B, A] and actions int32 [B] give [B]. A sum against a one-hot mask: for a
 * handful of actions as fast as a gather, and its gradient needs no scatter. All values of a row must be finite.
 */
export function gatherActions(q: Tensor, actions: Tensor): Tensor {
  if (q.shape.length !== 2 || actions.shape.length !== 1 || q.shape[0] !== actions.shape[0]) {
    throw new ShapeError(`gatherActions: values ${describe(q)} and actions ${describe(actions)} do not fit.`);
  }
  return reduceSum(mul(q, oneHot(actions, q.shape[1])), 1);
}

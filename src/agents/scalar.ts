/**
 * One number an action, its value (Mnih et al. 2015): target r + discount * Q, loss (Q(s, a) - y)^2 or Huber's function of
 * the difference, whose gradient is the "error clipping" of the paper's Methods.
 */
import { abs, add, huber, mul, square, sub } from '../graph/index.ts';
import { requireSameShape } from '../graph/tensor-spec.ts';
import type { ValueHead } from './value-head.ts';

export function scalarValues(loss: 'mse' | 'huber'): ValueHead {
  return {
    width: 1,
    expectedQ: (output) => output,
    shift: (next, rewards, discounts) => add(rewards, mul(discounts, next)),
    loss: (prediction, target) => {
      requireSameShape('scalar loss', prediction, target);
      const difference = sub(prediction, target);
      return { losses: loss === 'mse' ? square(difference) : huber(difference), errors: abs(difference) };
    },
    mean: (rows) => rows,
  };
}

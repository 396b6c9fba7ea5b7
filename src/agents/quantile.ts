/**
 * QR-DQN: the return of an action as N equally likely values theta_1 .. theta_N, its quantiles at the midpoints
 * tau_i = (2 i - 1) / 2 N (Dabney et al. 2018). Q(s, a) is their mean. Every pair of a target theta'_j and a prediction
 * theta_i has its error u = r + discount theta'_j - theta_i, and the loss is (Eq. 10 and Algorithm 1)
 *
 *     sum_i mean_j |tau_i - [u < 0]| L(u)
 *
 * with L Huber's function for kappa 1.
 */
import { OptionError } from '../core/errors.ts';
import { add, expandDims, huber, less, mul, reduceMean, reduceSum, sub, type Tensor, where } from '../graph/index.ts';
import type { ValueHead } from './value-head.ts';

/** @param count quantiles of each action, at least 1; the paper takes 200. */
export function quantileValues(count: number): ValueHead {
  if (!(Number.isInteger(count) && count >= 1)) throw new OptionError('quantiles', count, 'a whole number, at least 1');
  // One number an action comes without its axis.
  const asRows = (x: Tensor) => (count === 1 ? expandDims(x, x.shape.length) : x);
  const expectation = (x: Tensor) => (count === 1 ? x : reduceMean(x, x.shape.length - 1));
  return {
    width: count,
    expectedQ: expectation,
    shift: (next, rewards, discounts) => {
      const rows = asRows(next);
      return add(expandDims(rewards, 1), mul(expandDims(discounts, 1), rows));
    },
    loss: (prediction, target) => {
      const losses = quantileHuberLosses(asRows(prediction), target);
      return { losses, errors: losses };
    },
    mean: expectation,
  };
}

/**
 * @param prediction theta [B, N]
 * @param target [B, M] samples of the return.
 * @returns [B]
 */
export function quantileHuberLosses(prediction: Tensor, target: Tensor): Tensor {
  const count = prediction.shape[1];
  const midpoints = Array.from({ length: count }, (_, i) => (2 * i + 1) / (2 * count));
  const tau = prediction.graph.constant(midpoints, [count, 1]);
  const u = sub(expandDims(target, 1), expandDims(prediction, 2)); // [B, i, j]
  const weight = where(less(u, 0), sub(1, tau), tau);
  return reduceSum(reduceMean(mul(weight, huber(u)), 2), 1);
}

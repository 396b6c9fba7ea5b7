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
      const midpoints = prediction.graph.constant(tauMidpoints(count));
      const losses = quantileHuberLosses(asRows(prediction), target, midpoints);
      return { losses, errors: losses };
    },
    mean: expectation,
  };
}

/** tau_i = (2 i - 1) / 2 N, the middles of N equal parts of [0, 1]. */
export function tauMidpoints(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (2 * i + 1) / (2 * count));
}

/**
 * @param prediction theta [B, N]
 * @param target [B, M] samples of the return.
 * @param taus fractions that the predictions are the quantiles of, [N] or [B, N].
 * @returns [B]
 */
export function quantileHuberLosses(prediction: Tensor, target: Tensor, taus: Tensor): Tensor {
  const tau = expandDims(taus, taus.shape.length);
  const u = sub(expandDims(target, 1), expandDims(prediction, 2)); // [B, i, j]
  const weight = where(less(u, 0), sub(1, tau), tau);
  return reduceSum(reduceMean(mul(weight, huber(u)), 2), 1);
}

/**
 * IQN: the return of an action as its quantile function, Z(tau) at any fraction tau (Dabney et al. 2018). The network is
 * asked at N fractions drawn from U(0, 1) for a prediction and at N' for its target, and the loss is that of all pairs,
 * u_ij = r + discount Z_tau'_j(s', a') - Z_tau_i(s, a) (Eq. 3):
 *
 *     (1 / N') sum_i sum_j |tau_i - [u_ij < 0]| L(u_ij)
 *
 * with L Huber's function for kappa 1. Q(s, a) is the mean of Z at K fractions. The paper draws them too; here they are the
 * midpoints (2 k - 1) / 2 K, so that play, evaluation and exported models give the same values every time.
 */
import { OptionError } from '../core/errors.ts';
import { add, expandDims, mul, reduceMean, type Tensor } from '../graph/index.ts';
import { quantileHuberLosses } from './quantile.ts';
import type { ValueHead } from './value-head.ts';

export interface ImplicitQuantileOptions {
  /** n of the embedding, at least 1; the paper takes 64. */
  readonly cosines: number;
  /** N, at least 1. */
  readonly taus: number;
  /** N', at least 1. */
  readonly targetTaus: number;
  /** K, at least 1; the paper takes 32. */
  readonly actingTaus: number;
}

/** @throws OptionError when a count is no whole number above 0. */
export function implicitQuantileValues(options: ImplicitQuantileOptions): ValueHead {
  for (const name of ['cosines', 'taus', 'targetTaus', 'actingTaus'] as const) {
    if (Number.isInteger(options[name]) && options[name] >= 1) continue;
    throw new OptionError(name, options[name], 'a whole number, at least 1');
  }
  const { cosines, taus, targetTaus, actingTaus } = options;
  const expectation = (x: Tensor) => reduceMean(x, x.shape.length - 1);
  return {
    width: 1,
    taus: { cosines, prediction: taus, target: targetTaus, acting: actingTaus },
    expectedQ: expectation,
    shift: (next, rewards, discounts) => add(expandDims(rewards, 1), mul(expandDims(discounts, 1), next)),
    loss: (prediction, target, at) => {
      const losses = quantileHuberLosses(prediction, target, at!);
      return { losses, errors: losses };
    },
    mean: expectation,
  };
}

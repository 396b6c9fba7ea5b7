/**
 * C51: the return of an action as a distribution over N fixed atoms z_i = vMin + i deltaZ (Bellemare et al. 2017). The
 * network gives logits, Q(s, a) = sum_i z_i p_i(s, a). The target shifts every atom, Tz_j = [r + discount z_j] clipped to
 * [vMin, vMax], and shares its probability among the two atoms next to it (Eq. 7):
 *
 *     m_i = sum_j [1 - |Tz_j - z_i| / deltaZ] clipped to [0, 1] * p_j(s', a')
 *
 * and the loss is the cross-entropy -sum_i m_i log p_i(s, a) (Algorithm 1).
 */
import { OptionError } from '../core/errors.ts';
import {
  abs,
  add,
  clip,
  div,
  expandDims,
  type Graph,
  log,
  logSoftmax,
  maximum,
  mul,
  neg,
  reduceSum,
  relu,
  softmax,
  sub,
  type Tensor,
} from '../graph/index.ts';
import type { ValueHead } from './value-head.ts';

export interface CategoricalOptions {
  /** N, at least 2; the paper takes 51. */
  readonly atoms: number;
  readonly vMin: number;
  /** Above vMin. */
  readonly vMax: number;
}

/** The atoms z_0 .. z_{N-1}. @throws OptionError when the support is empty. */
export function support({ atoms, vMin, vMax }: CategoricalOptions): number[] {
  if (!(Number.isInteger(atoms) && atoms >= 2)) throw new OptionError('atoms', atoms, 'a whole number, at least 2');
  if (!(vMin < vMax)) throw new OptionError('vMax', vMax, `above vMin (${vMin})`);
  return Array.from({ length: atoms }, (_, i) => vMin + (i * (vMax - vMin)) / (atoms - 1));
}

/**
 * Projects the shifted atoms back onto the support (Eq. 7).
 * @param p [B, N], rows sum to 1.
 * @returns m [B, N], rows sum to 1.
 */
export function projectDistribution(
  p: Tensor,
  rewards: Tensor,
  discounts: Tensor,
  options: CategoricalOptions,
): Tensor {
  const { atoms, vMin, vMax } = options;
  const z = p.graph.constant(support(options));
  const deltaZ = (vMax - vMin) / (atoms - 1);
  const shifted = clip(add(expandDims(rewards, 1), mul(expandDims(discounts, 1), z)), vMin, vMax);
  // Places of the shifted atoms on the support, counted in atoms: [B, j, 1] against i.
  const place = expandDims(div(sub(shifted, vMin), deltaZ), 2);
  const share = relu(sub(1, abs(sub(place, indices(p.graph, atoms)))));
  return reduceSum(mul(share, expandDims(p, 2)), 1);
}

/** @throws OptionError when the support is empty. */
export function categoricalValues(options: CategoricalOptions): ValueHead {
  const z = support(options);
  const expectation = (logits: Tensor) =>
    reduceSum(mul(softmax(logits), logits.graph.constant(z)), logits.shape.length - 1);
  return {
    width: options.atoms,
    expectedQ: expectation,
    shift: (next, rewards, discounts) => projectDistribution(softmax(next), rewards, discounts, options),
    loss: distributionLoss,
    mean: expectation,
  };
}

/**
 * Cross-entropy of rows of logits with target distributions m [B, N]; the errors are Kullback-Leibler divergences,
 * cross-entropy less the entropy of m: what Rainbow's priorities are made of (Hessel et al. 2018, "The Integrated Agent").
 */
export const distributionLoss: ValueHead['loss'] = (prediction, m) => {
  const losses = neg(reduceSum(mul(m, logSoftmax(prediction)), 1));
  const entropy = neg(reduceSum(mul(m, log(maximum(m, 1e-30))), 1));
  // Rounding may carry the difference below 0.
  return { losses, errors: maximum(sub(losses, entropy), 0) };
};

function indices(graph: Graph, count: number): Tensor {
  return graph.constant(Array.from({ length: count }, (_, i) => i));
}

/**
 * HL-Gauss: the value of an action as a histogram over bins of [vMin, vMax], learned by classification (Farebrother et al.
 * 2024, "Stop Regressing"; the loss is Imani & White 2018's). The network gives logits, Q(s, a) = sum_i z_i p_i(s, a) with
 * z_i the middles of the bins. The target y = r + discount Q(s', a') stays one number, clipped to [vMin, vMax]; a Gaussian
 * around it, cut off there, fills the bins between their edges e_i:
 *
 *     m_i = [Phi((e_{i+1} - y) / sigma) - Phi((e_i - y) / sigma)] / [Phi((vMax - y) / sigma) - Phi((vMin - y) / sigma)]
 *
 * and the loss is the cross-entropy -sum_i m_i log p_i(s, a), as of C51. C51 shifts a distribution of returns; here the
 * Gaussian only smooths the label, so that bins near y are near in the loss too.
 */
import { OptionError } from '../core/errors.ts';
import {
  add,
  clip,
  div,
  erf,
  expandDims,
  mul,
  reduceSum,
  relu,
  slice,
  softmax,
  sub,
  type Tensor,
} from '../graph/index.ts';
import { distributionLoss } from './categorical.ts';
import type { ValueHead } from './value-head.ts';

export interface HlGaussOptions {
  /** Bins of the histogram, at least 2; the paper takes 51 for Atari. */
  readonly bins: number;
  readonly vMin: number;
  /** Above vMin. */
  readonly vMax: number;
  /** Standard deviation of the Gaussian in widths of a bin, above 0; the paper takes 0.75. */
  readonly sigma: number;
}

/** The edges e_0 .. e_N of the bins. @throws OptionError when there are none. */
export function binEdges({ bins, vMin, vMax }: Omit<HlGaussOptions, 'sigma'>): number[] {
  if (!(Number.isInteger(bins) && bins >= 2)) throw new OptionError('bins', bins, 'a whole number, at least 2');
  if (!(vMin < vMax)) throw new OptionError('vMax', vMax, `above vMin (${vMin})`);
  return Array.from({ length: bins + 1 }, (_, i) => vMin + (i * (vMax - vMin)) / bins);
}

/**
 * The histogram of a Gaussian around each value, within about 1e-6 (`erf`).
 * @param y [B]; values outside of [vMin, vMax] count as its ends.
 * @returns m [B, bins], rows sum to 1.
 */
export function gaussianHistogram(y: Tensor, options: HlGaussOptions): Tensor {
  const { bins, vMin, vMax, sigma } = options;
  const edges = y.graph.constant(binEdges(options));
  const scale = (Math.SQRT2 * sigma * (vMax - vMin)) / bins;
  const places = div(sub(edges, expandDims(clip(y, vMin, vMax), 1)), scale);
  const phi = erf(places); // 2 Phi - 1, which the quotient does not see.
  // Rounding may carry a difference of equals below 0.
  const shares = relu(sub(slice(phi, 1, 1, bins + 1), slice(phi, 1, 0, bins)));
  return div(shares, reduceSum(shares, 1, { keepDims: true }));
}

/** @throws OptionError when an option is out of range. */
export function hlGaussValues(options: HlGaussOptions): ValueHead {
  const edges = binEdges(options);
  if (!(options.sigma > 0)) throw new OptionError('sigma', options.sigma, 'a number above 0');
  const middles = edges.slice(1).map((edge, i) => (edges[i]! + edge) / 2);
  const expectation = (logits: Tensor) =>
    reduceSum(mul(softmax(logits), logits.graph.constant(middles)), logits.shape.length - 1);
  return {
    width: options.bins,
    expectedQ: expectation,
    shift: (next, rewards, discounts) => gaussianHistogram(add(rewards, mul(discounts, expectation(next))), options),
    loss: distributionLoss,
    mean: expectation,
  };
}

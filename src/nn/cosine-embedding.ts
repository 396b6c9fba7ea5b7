/**
 * The embedding of quantile fractions in implicit quantile networks (Dabney et al. 2018, Eq. 4). Features psi(s) of length d
 * become those of one fraction tau, elementwise
 *
 *     psi(s) * phi(tau),    phi_j(tau) = ReLU(sum_i cos(pi i tau) w_ij + b_j),    i = 0 .. n - 1
 *
 * and the layers that follow see a row for each observation and fraction.
 */
import type { Tensor } from '../graph/graph.ts';
import { mul } from '../graph/ops/arithmetic.ts';
import { linear } from '../graph/ops/mat-mul.ts';
import { relu } from '../graph/ops/relu.ts';
import { expandDims, reshape } from '../graph/ops/reshape.ts';
import { cos } from '../graph/ops/unary.ts';
import type { ParameterSpec } from './parameters.ts';

/** w [d, n] and b [d]. @param features d. @param cosines n, 64 in the paper. */
export function embeddingParameters(features: number, cosines: number): ParameterSpec[] {
  return [
    { name: 'tau.0.weight', shape: [features, cosines], fanIn: cosines },
    { name: 'tau.0.bias', shape: [features], fanIn: cosines },
  ];
}

/**
 * @param features psi [B, d]
 * @param taus fractions [B, N], or [N], the same for every row. Those of a constant leave no cosines in the graph.
 * @param params as `embeddingParameters` lists them.
 * @returns [B * N, d], the fractions of an observation one after the other.
 */
export function embedTaus(features: Tensor, taus: Tensor, [weight, bias]: readonly Tensor[]): Tensor {
  const [batch, size] = features.shape;
  const count = taus.shape.at(-1)!;
  const phi = relu(linear(cosines(taus, weight.shape[1]), weight, bias));
  const rows = mul(expandDims(features, 1), reshape(phi, [taus.shape.length === 1 ? 1 : batch, count, size]));
  return reshape(rows, [batch * count, size]);
}

/** cos(pi i tau) [all taus, n]. */
function cosines(taus: Tensor, n: number): Tensor {
  const { graph, data } = taus;
  const angles = Float64Array.from({ length: n }, (_, i) => Math.PI * i);
  if (data === undefined) return cos(mul(reshape(taus, [-1, 1]), graph.constant(Array.from(angles), [1, n])));
  const values = Array.from(data).flatMap((tau) => Array.from(angles, (angle) => Math.cos(angle * tau)));
  return graph.constant(values, [data.length, n]);
}

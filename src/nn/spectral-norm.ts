/**
 * Spectral normalisation (Miyato et al. 2018, Eq. 8 and Algorithm 1): a layer's weights as a matrix W [outputs, the rest],
 * divided by their largest singular value, for which a power iteration keeps the singular vectors u and v,
 *
 *     u ← W v / |W v|,   v ← Wᵀ u / |Wᵀ u|,   W / (uᵀ W v)
 *
 * As PyTorch's `spectral_norm`: fifteen rounds when a layer is made, one before each update, none when it only acts. u and v
 * are stored with the weights; gradients take them for constants.
 */
import { sizeOf } from '../core/shape.ts';
import type { Tensor } from '../graph/graph.ts';
import { div, mul } from '../graph/ops/arithmetic.ts';
import { matMul } from '../graph/ops/mat-mul.ts';
import { reshape } from '../graph/ops/reshape.ts';
import { stopGradient } from '../graph/ops/stop-gradient.ts';
import { reduceSum } from '../graph/ops/sum-and-broadcast.ts';
import type { ParameterSpec, Parameters } from './parameters.ts';

/** Rounds of the power iteration when a network is made, as in PyTorch. */
export const FIRST_POWER_ITERATIONS = 15;

/** PyTorch's bound below a norm. */
const EPSILON = 1e-12;

/** The weights with their singular vectors `<name>_u` and `<name>_v`. */
export function spectralParameters(weight: ParameterSpec): ParameterSpec[] {
  const [rows] = weight.shape;
  const columns = sizeOf(weight.shape) / rows;
  return [
    weight,
    { name: `${weight.name}_u`, shape: [rows], fanIn: rows, learned: false },
    { name: `${weight.name}_v`, shape: [columns], fanIn: columns, learned: false },
  ];
}

/** W / (uᵀ W v), in the shape of W. @param params as `spectralParameters` lists them. */
export function spectrallyNormalized([weight, u, v]: readonly Tensor[]): Tensor {
  const [rows] = weight.shape;
  const columns = sizeOf(weight.shape) / rows;
  const product = matMul(reshape(weight, [rows, columns]), stopGradient(reshape(v, [columns, 1])));
  return div(weight, reduceSum(mul(reshape(product, [rows]), stopGradient(u))));
}

/** Rounds of the power iteration for the named weights; their vectors are changed in place. */
export function iteratePower(parameters: Parameters, names: readonly string[], rounds: number): void {
  for (const name of names) {
    const { data: w } = parameters.get(name);
    const { data: u } = parameters.get(`${name}_u`);
    const { data: v } = parameters.get(`${name}_v`);
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < u.length; i++) u[i] = dot(w, i * v.length, 1, v);
      normalize(u);
      for (let j = 0; j < v.length; j++) v[j] = dot(w, j, v.length, u);
      normalize(v);
    }
  }
}

function dot(matrix: Float32Array, from: number, step: number, vector: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += matrix[from + i * step] * vector[i];
  return sum;
}

function normalize(vector: Float32Array): void {
  const norm = Math.max(Math.hypot(...vector), EPSILON);
  for (let i = 0; i < vector.length; i++) vector[i] /= norm;
}

import type { Generator } from '../core/random/index.ts';
import { sizeOf } from '../core/shape.ts';
import type { Parameters } from './parameters.ts';

/** Fills with single-precision values of U[-bound, bound), one draw of 64 bits each. */
export function fillUniform(out: Float32Array, bound: number, random: Generator): void {
  for (let i = 0; i < out.length; i++) out[i] = (2 * random.random() - 1) * bound;
}

/**
 * PyTorch's default for `nn.Linear` and `nn.Conv2d`, weights and biases alike: U(-b, b) with b = 1 / sqrt(fanIn), which
 * is He initialisation (He et al. 2015, equation 10 for a leaky slope) with a slope of sqrt(5). The distribution is
 * PyTorch's, the bits are our generator's. Parameters are filled in order; those with an `initial` value
 * of their own (the size of noise, the scale of a normalised layer) take that.
 */
export function initializeAsPytorch(parameters: Parameters, random: Generator): void {
  for (const { data, fanIn, initial } of parameters) {
    if (initial === undefined) fillUniform(data, 1 / Math.sqrt(fanIn), random);
    else data.fill(initial);
  }
}

/**
 * Sparse initialisation (Elsayed et al. 2024, "SparseInit"): of the inputs of each unit a share, picked at random, has
 * weight 0; the others are as PyTorch's, biases are 0. Units then disturb each other less while weights move step by step.
 * @param sparsity share of zeros, from 0 to below 1, rounded down to whole inputs, so that each unit has one at least.
 */
export function initializeSparse(parameters: Parameters, sparsity: number, random: Generator): void {
  for (const { data, shape, fanIn, initial } of parameters) {
    if (initial !== undefined || shape.length === 1) {
      data.fill(initial ?? 0);
      continue;
    }
    fillUniform(data, 1 / Math.sqrt(fanIn), random);
    const inputs = sizeOf(shape.slice(1));
    const zeros = Math.floor(sparsity * inputs);
    for (let from = 0; from < data.length; from += inputs) {
      const order = random.permutation(inputs) as number[];
      for (let k = 0; k < zeros; k++) data[from + order[k]!] = 0;
    }
  }
}

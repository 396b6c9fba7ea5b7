import type { Generator } from '../core/random/index.ts';
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

/**
 * Noisy linear layers with factorised Gaussian noise (Fortunato et al. 2018, Eq. 9 to 11):
 *
 *     y = (mu_w + sigma_w * eps_w) x + mu_b + sigma_b * eps_b
 *     eps_w = f(eps_out) f(eps_in)ᵀ,  eps_b = f(eps_out),  f(e) = sgn(e) sqrt(|e|)
 *
 * One sample of the noise serves the whole batch (section 3.1), so the noisy matrix is never formed: its product is
 * f(eps_out) * (sigma_w (f(eps_in) * x) + sigma_b), a second matrix product instead of passes over all weights.
 */
import { OptionError } from '../core/errors.ts';
import type { Tensor } from '../graph/graph.ts';
import { abs, sign } from '../graph/ops/abs.ts';
import { add, mul } from '../graph/ops/arithmetic.ts';
import { linear } from '../graph/ops/mat-mul.ts';
import { sqrt } from '../graph/ops/unary.ts';
import { type LinearLayer, plainLinear } from './linear-layer.ts';

/**
 * @param sigma0 first size of the noise: sigma starts at sigma0 / sqrt(inputs), mu as a plain layer's weights
 *   (section 3.2; the paper takes 0.5).
 * @throws OptionError unless sigma0 is above 0.
 */
export function noisyLinear(sigma0 = 0.5): LinearLayer {
  if (!(sigma0 > 0)) throw new OptionError('noisySigma', sigma0, 'a number above 0');
  return {
    parameters: (name, inputs, outputs) => {
      const initial = sigma0 / Math.sqrt(inputs);
      return [
        ...plainLinear.parameters(name, inputs, outputs),
        { name: `${name}.weight_sigma`, shape: [outputs, inputs], fanIn: inputs, initial },
        { name: `${name}.bias_sigma`, shape: [outputs], fanIn: inputs, initial },
      ];
    },
    noise: (name, inputs, outputs) => [
      { name: `${name}.input`, shape: [inputs] },
      { name: `${name}.output`, shape: [outputs] },
    ],
    build: (x, [weight, bias, weightSigma, biasSigma], noise) => {
      const mean = linear(x, weight, bias);
      if (noise === undefined) return mean;
      const [input, output] = noise.map(signedRoot);
      return add(mean, mul(linear(mul(x, input), weightSigma, biasSigma), output));
    },
  };
}

/** f(e) = sgn(e) sqrt(|e|). */
function signedRoot(e: Tensor): Tensor {
  return mul(sign(e), sqrt(abs(e)));
}

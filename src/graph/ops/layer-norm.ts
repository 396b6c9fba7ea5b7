import { OptionError } from '../../core/errors.ts';
import type { Tensor } from '../graph.ts';
import { normalizeAxes, requireDType } from '../tensor-spec.ts';
import { add, div, mul, square, sub } from './arithmetic.ts';
import { reduceMean } from './reduce-mean.ts';
import { sqrt } from './unary.ts';
import { withGradient } from './with-gradient.ts';

/**
 * Normalises along one axis to mean 0 and variance 1: (x - mean) / sqrt(variance + epsilon), with the variance of the
 * whole (Ba et al. 2016, Eq. 3); scale and shift are the caller's. The gradient is one formula,
 * (dy - mean(dy) - y mean(dy y)) / sqrt(variance + epsilon).
 * @param epsilon default 1e-5, as PyTorch's `layer_norm`.
 */
export function layerNorm(x: Tensor, axis = -1, epsilon = 1e-5): Tensor {
  requireDType('layerNorm', x, 'float32');
  if (!(epsilon > 0)) throw new OptionError('epsilon', epsilon, 'a number above 0');
  const along = normalizeAxes('layerNorm', axis, x.shape);
  const mean = (v: Tensor) => reduceMean(v, along, { keepDims: true });
  const centred = sub(x, mean(x));
  const deviation = sqrt(add(mean(square(centred)), epsilon));
  const y = div(centred, deviation);
  const gradient = (dy: Tensor) => [div(sub(sub(dy, mean(dy)), mul(y, mean(mul(dy, y)))), deviation)];
  return withGradient(y, [x], gradient, `layerNorm ${along}`);
}

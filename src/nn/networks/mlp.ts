import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../../graph/graph.ts';
import { flatten } from '../../graph/ops/reshape.ts';
import type { Shape } from '../../graph/tensor-spec.ts';
import { type HeadOptions, head, headNoise, headParameters, headStateSize, hiddenStack } from '../layers.ts';
import type { Network } from './network.ts';
import { checkNetworkInputs } from './network.ts';

export interface MlpOptions extends HeadOptions {
  /** Shape of one observation; it is flattened. */
  readonly inputShape: Shape;
  /** Widths of the hidden layers; default [128, 128]. */
  readonly hidden?: readonly number[];
}

/**
 * Fully connected layers with ReLU or another activation between them, for observations that are vectors of float32. With `cosines` the first
 * hidden layer gives the features that quantile fractions are embedded in.
 */
export function mlp(options: MlpOptions): Network {
  const { inputShape, actions, width, hidden: all = [128, 128], cosines } = options;
  const inputs = sizeOf(inputShape);
  // Of implicit quantiles: with no layer to share, both streams of a dueling network would embed the fractions.
  const shared = cosines === undefined ? 0 : 1;
  const [first, hidden] = [all.slice(0, shared), all.slice(shared)];
  const features = hiddenStack('features', inputs, first, options);
  const size = first.at(-1) ?? inputs;
  const network = {
    parameters: [...features.parameters, ...headParameters(size, hidden, options)],
    inputShape,
    inputDType: 'float32',
    actions,
    width,
    noise: [...features.noise, ...headNoise(size, hidden, options)],
    stateSize: headStateSize(options),
  } as const;
  return {
    ...network,
    build(x: Tensor, params, { noise, taus, recurrence } = {}) {
      checkNetworkInputs('mlp', network, x, params);
      const [p, n] = [features.parameters.length, features.noise.length];
      const psi = features.build(flatten(x), params.slice(0, p), noise?.slice(0, n));
      return head(psi, hidden, params.slice(p), options, { noise: noise?.slice(n), taus, recurrence });
    },
  };
}

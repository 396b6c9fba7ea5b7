import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../../graph/graph.ts';
import { flatten } from '../../graph/ops/reshape.ts';
import type { Shape } from '../../graph/tensor-spec.ts';
import { type HeadOptions, head, headNoise, headParameters } from '../layers.ts';
import type { Network } from './network.ts';
import { checkNetworkInputs } from './network.ts';

export interface MlpOptions extends HeadOptions {
  /** Shape of one observation; it is flattened. */
  readonly inputShape: Shape;
  /** Widths of the hidden layers; default [128, 128]. */
  readonly hidden?: readonly number[];
}

/** Fully connected layers with ReLU between them, for observations that are vectors of float32. */
export function mlp(options: MlpOptions): Network {
  const { inputShape, actions, width, hidden = [128, 128] } = options;
  const network = {
    parameters: headParameters(sizeOf(inputShape), hidden, options),
    inputShape,
    inputDType: 'float32',
    actions,
    width,
    noise: headNoise(sizeOf(inputShape), hidden, options),
  } as const;
  return {
    ...network,
    build(x: Tensor, params, { noise } = {}) {
      checkNetworkInputs('mlp', network, x, params);
      return head(flatten(x), hidden, params, options, noise);
    },
  };
}

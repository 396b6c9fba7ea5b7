import { flatten } from '../../graph/ops/reshape.ts';
import type { Shape, Tensor } from '../../graph/tensor.ts';
import { sizeOf } from '../../graph/tensor.ts';
import { head, headParameters } from '../layers.ts';
import type { Network } from './network.ts';
import { checkNetworkInputs } from './network.ts';

export interface MlpOptions {
  /** Shape of one observation; it is flattened. */
  readonly inputShape: Shape;
  readonly actions: number;
  /** Widths of the hidden layers; default [128, 128]. */
  readonly hidden?: readonly number[];
  readonly dueling?: boolean;
}

/** Fully connected layers with ReLU between them, for observations that are vectors of float32. */
export function mlp(options: MlpOptions): Network {
  const { inputShape, actions, hidden = [128, 128] } = options;
  const network = {
    parameters: headParameters(sizeOf(inputShape), hidden, options),
    inputShape,
    inputDType: 'float32',
    actions,
  } as const;
  return {
    ...network,
    build(_, x: Tensor, params) {
      checkNetworkInputs('mlp', network, x, params);
      return head(flatten(x), params, options);
    },
  };
}

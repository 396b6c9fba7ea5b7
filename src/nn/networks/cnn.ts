import { ShapeError } from '../../core/errors.ts';
import { mul } from '../../graph/ops/arithmetic.ts';
import { cast } from '../../graph/ops/cast.ts';
import { conv2d } from '../../graph/ops/conv2d.ts';
import { relu } from '../../graph/ops/relu.ts';
import { flatten } from '../../graph/ops/reshape.ts';
import type { DType, Tensor } from '../../graph/tensor.ts';
import { head, headParameters } from '../layers.ts';
import type { Network, ParameterSpec } from './network.ts';
import { checkNetworkInputs } from './network.ts';

/** One convolution of square windows, followed by ReLU. */
export interface ConvLayer {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding?: number;
}

export interface CnnOptions {
  /** Channels (the stacked frames), height, width. */
  readonly inputShape: readonly [number, number, number];
  readonly actions: number;
  readonly dueling?: boolean;
  /** Bytes are scaled by 1/255 in the graph; default uint8. */
  readonly inputDType?: 'uint8' | 'float32';
}

/** Convolutions, then fully connected layers: what the networks for pictures have in common. */
export function cnn(
  kind: string,
  layers: readonly ConvLayer[],
  hidden: readonly number[],
  options: CnnOptions,
): Network {
  const { inputShape, actions, inputDType = 'uint8' } = options;
  let [channels, height, width] = inputShape;
  const convParameters: ParameterSpec[] = [];
  layers.forEach(({ filters, kernel, stride, padding = 0 }, i) => {
    const fanIn = channels * kernel * kernel;
    // Indices count the ReLUs between, as in a PyTorch Sequential.
    convParameters.push({ name: `conv.${2 * i}.weight`, shape: [filters, channels, kernel, kernel], fanIn });
    convParameters.push({ name: `conv.${2 * i}.bias`, shape: [filters], fanIn });
    [channels, height, width] = [
      filters,
      ...[height, width].map((n) => Math.floor((n + 2 * padding - kernel) / stride) + 1),
    ];
    if (!(height > 0 && width > 0)) {
      throw new ShapeError(`${kind}: input [${inputShape.join(', ')}] is too small for its convolutions.`);
    }
  });
  const network = {
    parameters: [...convParameters, ...headParameters(channels * height * width, hidden, options)],
    inputShape,
    inputDType: inputDType as DType,
    actions,
  };
  return {
    ...network,
    build(_, x: Tensor, params) {
      checkNetworkInputs(kind, network, x, params);
      let y = inputDType === 'uint8' ? mul(cast(x, 'float32'), 1 / 255) : x;
      layers.forEach(({ stride, padding = 0 }, i) => {
        y = relu(conv2d(y, params[2 * i], params[2 * i + 1], { stride, padding }));
      });
      return head(flatten(y), params.slice(convParameters.length), options);
    },
  };
}

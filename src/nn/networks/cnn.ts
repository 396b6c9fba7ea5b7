import { ShapeError } from '../../core/errors.ts';
import { sizeOf } from '../../core/shape.ts';
import type { Tensor } from '../../graph/graph.ts';
import { convolutions, type StackedConvolution } from '../../graph/lowering/convolutions.ts';
import { mul } from '../../graph/ops/arithmetic.ts';
import { layerNorm } from '../../graph/ops/layer-norm.ts';
import { relu } from '../../graph/ops/relu.ts';
import { reshape } from '../../graph/ops/reshape.ts';
import type { DType } from '../../graph/tensor-spec.ts';
import { affine, type HeadOptions, head, headNoise, headParameters, headStateSize, normParameters } from '../layers.ts';
import type { ParameterSpec } from '../parameters.ts';
import type { Network } from './network.ts';
import { checkNetworkInputs } from './network.ts';

/** One convolution of square windows, followed by ReLU. */
export interface ConvLayer {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  /** Zeros on every side; default 0. */
  readonly padding?: number;
}

export interface CnnOptions extends HeadOptions {
  /** Channels (the stacked frames), height, width. */
  readonly inputShape: readonly [number, number, number];
  /** Bytes are scaled by 1/255 in the graph; default uint8. */
  readonly inputDType?: 'uint8' | 'float32';
  /** Whether `layerNorm` is for the fully connected layers alone; default false. */
  readonly plainConvolutions?: boolean | undefined;
  /** Every observation, its frames together, is brought to mean 0 and variance 1 instead of being scaled; default false. */
  readonly standardizeInput?: boolean | undefined;
}

/** A layer with the channels of the picture that it gets. */
interface PlannedLayer extends Required<ConvLayer> {
  readonly channels: number;
}

/** Convolutions, then fully connected layers: what the networks for pictures have in common. */
export function cnn(
  kind: string,
  layers: readonly ConvLayer[],
  hidden: readonly number[],
  options: CnnOptions,
): Network {
  const { inputShape, actions, width, inputDType = 'uint8', standardizeInput = false } = options;
  const { affineNorm = true, activation = relu } = options;
  const normalize = options.layerNorm === true && options.plainConvolutions !== true;
  const affineParameters = normalize && affineNorm;
  const { planned, features } = plan(kind, layers, inputShape);
  const convParameters = planned.flatMap(({ filters, channels, kernel }, i): ParameterSpec[] => {
    const fanIn = channels * kernel * kernel;
    // Numbers count the ReLUs between, as in a PyTorch Sequential.
    return [
      { name: `conv.${2 * i}.weight`, shape: [filters, channels, kernel, kernel], fanIn },
      { name: `conv.${2 * i}.bias`, shape: [filters], fanIn },
      ...(affineParameters ? normParameters(`conv.${2 * i}`, filters) : []),
    ];
  });
  const network = {
    parameters: [...convParameters, ...headParameters(features, hidden, options)],
    inputShape,
    inputDType: inputDType as DType,
    actions,
    width,
    noise: headNoise(features, hidden, options),
    stateSize: headStateSize(options),
  };
  return {
    ...network,
    build(x, params, { convolutions: form, noise, taus, recurrence } = {}) {
      checkNetworkInputs(kind, network, x, params);
      // Scaling the first weights instead of every pixel gives the same sums and costs next to nothing.
      const scaled =
        inputDType === 'uint8' && !standardizeInput ? [mul(params[0], 1 / 255), ...params.slice(1)] : params;
      const each = convParameters.length / planned.length;
      const stack = planned.map(({ stride, padding }, i): StackedConvolution => {
        const [weight, bias, ...norm] = scaled.slice(each * i, each * (i + 1));
        return {
          weight,
          bias,
          stride,
          padding,
          activation: (y, axis) => activation(normalize ? normalized(y, norm, axis) : y),
        };
      });
      const prepare = standardizeInput ? standardize : (pixels: Tensor) => pixels;
      const features = convolutions(x, stack, prepare, form);
      return head(features, hidden, params.slice(convParameters.length), options, { noise, taus, recurrence });
    },
  };
}

/** Layer normalisation over the channels of each pixel, with its scale and shift where the layer has them. */
function normalized(y: Tensor, norm: readonly Tensor[], axis: number): Tensor {
  return norm.length === 0 ? layerNorm(y, axis) : affine(layerNorm(y, axis), norm, axis);
}

/** @throws ShapeError when the picture is smaller than a window. */
function plan(kind: string, layers: readonly ConvLayer[], inputShape: CnnOptions['inputShape']) {
  let [channels, height, width] = inputShape;
  const planned = layers.map(({ filters, kernel, stride, padding = 0 }): PlannedLayer => {
    const layer = { filters, kernel, stride, padding, channels };
    channels = filters;
    height = Math.floor((height + 2 * padding - kernel) / stride) + 1;
    width = Math.floor((width + 2 * padding - kernel) / stride) + 1;
    if (!(height > 0 && width > 0)) {
      throw new ShapeError(`${kind}: input [${inputShape.join(', ')}] is too small for its convolutions.`);
    }
    return layer;
  });
  return { planned, features: channels * height * width };
}

/**
 * Mean 0 and variance 1 over all but the first axis. Pong's ball and paddles are little brighter than its field, which is
 * most of the picture; afterwards they stand out by several standard deviations.
 */
export function standardize(pixels: Tensor): Tensor {
  const each = sizeOf(pixels.shape.slice(1));
  return reshape(layerNorm(reshape(pixels, [pixels.shape[0], each]), 1), pixels.shape);
}

import { ShapeError } from '../../core/errors.ts';
import { mul } from '../../graph/ops/arithmetic.ts';
import { cast } from '../../graph/ops/cast.ts';
import { convRows, imageToRows, weightTaps } from '../../graph/ops/conv-rows.ts';
import { conv2d } from '../../graph/ops/conv2d.ts';
import { layerNorm } from '../../graph/ops/layer-norm.ts';
import { relu } from '../../graph/ops/relu.ts';
import { flatten, reshape } from '../../graph/ops/reshape.ts';
import { transpose } from '../../graph/ops/transpose.ts';
import type { DType, Tensor } from '../../graph/tensor.ts';
import { affine, type HeadOptions, head, headNoise, headParameters, normParameters } from '../layers.ts';
import type { Network, ParameterSpec } from './network.ts';
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

/** A layer with the picture that it gets. */
interface PlannedLayer extends Required<ConvLayer> {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Convolutions, then fully connected layers: what the networks for pictures have in common. */
export function cnn(
  kind: string,
  layers: readonly ConvLayer[],
  hidden: readonly number[],
  options: CnnOptions,
): Network {
  const { inputShape, actions, width, inputDType = 'uint8', standardizeInput = false } = options;
  const normalize = options.layerNorm === true && options.plainConvolutions !== true;
  const { planned, features } = plan(kind, layers, inputShape);
  const convParameters = planned.flatMap(({ filters, channels, kernel }, i): ParameterSpec[] => {
    const fanIn = channels * kernel * kernel;
    // Numbers count the ReLUs between, as in a PyTorch Sequential.
    return [
      { name: `conv.${2 * i}.weight`, shape: [filters, channels, kernel, kernel], fanIn },
      { name: `conv.${2 * i}.bias`, shape: [filters], fanIn },
      ...(normalize ? normParameters(`conv.${2 * i}`, filters) : []),
    ];
  });
  const network = {
    parameters: [...convParameters, ...headParameters(features, hidden, options)],
    inputShape,
    inputDType: inputDType as DType,
    actions,
    width,
    noise: headNoise(features, hidden, options),
  };
  return {
    ...network,
    build(x, params, { form = x.shape[0] === 1 ? 'planes' : 'rows', noise } = {}) {
      checkNetworkInputs(kind, network, x, params);
      // Scaling the first weights instead of every pixel gives the same sums and costs next to nothing.
      const scaled =
        inputDType === 'uint8' && !standardizeInput ? [mul(params[0], 1 / 255), ...params.slice(1)] : params;
      const convolve = { planes, rows }[form];
      const each = convParameters.length / planned.length;
      const layers = planned.map((layer, i) => ({ ...layer, params: scaled.slice(each * i, each * (i + 1)) }));
      const prepare = standardizeInput ? standardize : (pixels: Tensor) => pixels;
      return head(convolve(layers, x, prepare), hidden, params.slice(convParameters.length), options, noise);
    },
  };
}

/** A layer with its weight, bias and, where it is normalised, scale and shift. */
interface BuiltLayer extends PlannedLayer {
  readonly params: readonly Tensor[];
}

/** ReLU, after layer normalisation over the channels of each pixel where the layer has its scale and shift. */
function activate(y: Tensor, { params: [, , ...norm] }: BuiltLayer, axis: number): Tensor {
  return relu(norm.length === 0 ? y : affine(layerNorm(y, axis), norm, axis));
}

/** @throws ShapeError when the picture is smaller than a window. */
function plan(kind: string, layers: readonly ConvLayer[], inputShape: CnnOptions['inputShape']) {
  let [channels, height, width] = inputShape;
  const planned = layers.map(({ filters, kernel, stride, padding = 0 }): PlannedLayer => {
    const layer = { filters, kernel, stride, padding, channels, height, width };
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

/** What is done to the pixels of each observation, in whatever order they lie. */
type Prepare = (pixels: Tensor) => Tensor;

/**
 * Mean 0 and variance 1 over all but the first axis. Pong's ball and paddles are little brighter than its field, which is
 * most of the picture; afterwards they stand out by several standard deviations.
 */
function standardize(pixels: Tensor): Tensor {
  const each = pixels.shape.slice(1).reduce((product, n) => product * n, 1);
  return reshape(layerNorm(reshape(pixels, [pixels.shape[0], each]), 1), pixels.shape);
}

/** ONNX's own convolutions on planes [B, C, H, W]. */
function planes(layers: readonly BuiltLayer[], x: Tensor, prepare: Prepare): Tensor {
  let y = prepare(cast(x, 'float32'));
  for (const layer of layers) {
    const { stride, padding, params } = layer;
    y = activate(conv2d(y, params[0], params[1], { stride, padding }), layer, 1);
  }
  return flatten(y);
}

/** The same function on rows of channels; see `conv-rows.ts`. Features come out in the order of planes. */
function rows(layers: readonly BuiltLayer[], x: Tensor, prepare: Prepare): Tensor {
  const blocks = layers.map(({ kernel, stride, padding, height, width }) => {
    const whole = [kernel, height, width].every((length) => length % stride === 0);
    return whole && padding === 0 ? stride : 1;
  });
  let y = imageToRows(x, blocks[0]);
  y = { ...y, tensor: prepare(cast(y.tensor, 'float32')) };
  layers.forEach((layer, i) => {
    const { kernel, stride, padding, params } = layer;
    const taps = weightTaps(params[0], blocks[i], i === 0 ? 'first' : 'last');
    const geometry = { kernel: kernel / blocks[i], stride: stride / blocks[i], padding, block: blocks[i + 1] ?? 1 };
    y = convRows(y, taps, params[1], geometry, (z) => activate(z, layer, 1));
  });
  return flatten(transpose(y.tensor, [0, 2, 1]));
}

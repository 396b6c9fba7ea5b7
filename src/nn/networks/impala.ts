/**
 * The deep network of IMPALA (Espeholt et al. 2018, Figure 3, right): three sections, each a convolution, a max-pool of 3x3 in
 * steps of 2 and two residual blocks x + conv(ReLU(conv(ReLU(x)))), all of 3x3; then ReLU and fully connected layers. As
 * options, what later work added: more channels, an adaptive max-pool before the fully connected layers (Schmidt & Schmied
 * 2021; Clark et al. 2025), spectral normalisation of the residual convolutions, layer normalisation before every ReLU.
 */
import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../../graph/graph.ts';
import { type Pictures, picturesOf } from '../../graph/lowering/pictures.ts';
import { mul } from '../../graph/ops/arithmetic.ts';
import { layerNorm } from '../../graph/ops/layer-norm.ts';
import { relu } from '../../graph/ops/relu.ts';
import type { DType } from '../../graph/tensor-spec.ts';
import { affine, head, headNoise, headParameters, headStateSize, normParameters } from '../layers.ts';
import type { ParameterSpec } from '../parameters.ts';
import { iteratePower, spectrallyNormalized, spectralParameters } from '../spectral-norm.ts';
import { type CnnOptions, standardize } from './cnn.ts';
import { checkNetworkInputs, type Network } from './network.ts';

export interface ImpalaOptions extends CnnOptions {
  /** Channels of the sections are 16, 32 and 32 times this; default 1. */
  readonly scale?: number | undefined;
  /** Side of the adaptive max-pool after the sections; default none. */
  readonly pool?: number | undefined;
  /** Whether the residual convolutions are spectrally normalised; default false. */
  readonly spectralNorm?: boolean | undefined;
  /** Width of the fully connected layer; default 256. */
  readonly hidden?: number | undefined;
}

const CHANNELS = [16, 32, 32] as const;
const POOL = { kernel: 3, stride: 2, padding: 1 } as const;

/** @throws ShapeError when the picture is smaller than the adaptive pool wants. */
export function impala(options: ImpalaOptions): Network {
  const { inputShape, actions, width, inputDType = 'uint8', standardizeInput = false, scale = 1, pool } = options;
  const { spectralNorm = false, hidden: size = 256 } = options;
  const hidden = [size];
  const normalize = options.layerNorm === true && options.plainConvolutions !== true;
  const [channels, height, across] = inputShape;
  const ends = [height, across].map((length) => CHANNELS.reduce((side) => Math.ceil(side / 2), length));
  if (pool !== undefined && ends.some((side) => side < pool)) {
    throw new ShapeError(`impala: input [${inputShape.join(', ')}] is too small for a pool of ${pool}x${pool}.`);
  }

  const spectral: string[] = [];
  /** Parameters of a convolution, and of the normalisation before it. */
  const convolution = (name: string, inputs: number, filters: number, residual: boolean): ParameterSpec[] => {
    const fanIn = inputs * 9;
    const weight = { name: `${name}.weight`, shape: [filters, inputs, 3, 3], fanIn };
    if (residual && spectralNorm) spectral.push(weight.name);
    return [
      ...(residual && spectralNorm ? spectralParameters(weight) : [weight]),
      { name: `${name}.bias`, shape: [filters], fanIn },
      ...(residual && normalize ? normParameters(name, inputs) : []),
    ];
  };
  const sections = CHANNELS.flatMap((count, i): ParameterSpec[] => {
    const filters = count * scale;
    const inputs = i === 0 ? channels : CHANNELS[i - 1] * scale;
    const blocks = [0, 1].flatMap((block) =>
      [0, 1].flatMap((layer) => convolution(`section${i}.residual${block}.${layer}`, filters, filters, true)),
    );
    return [...convolution(`section${i}.conv.0`, inputs, filters, false), ...blocks];
  });
  const last = CHANNELS[2] * scale;
  if (normalize) sections.push(...normParameters('section2.out.0', last));
  const features = last * (pool === undefined ? ends[0] * ends[1] : pool * pool);

  const network = {
    parameters: [...sections, ...headParameters(features, hidden, options)],
    inputShape,
    inputDType: inputDType as DType,
    actions,
    width,
    noise: headNoise(features, hidden, options),
    stateSize: headStateSize(options),
  };

  /** The sections as far as their last ReLU. @param take gives the parameters in order. */
  function trunk(x: Pictures, take: () => Tensor): Pictures {
    const activate = (y: Pictures, norm: readonly Tensor[]) =>
      y.map((z, axis) => relu(norm.length === 0 ? z : affine(layerNorm(z, axis), norm, axis)));
    /** ReLU, then convolution. */
    const layer = (y: Pictures): Pictures => {
      const weight = spectralNorm ? spectrallyNormalized([take(), take(), take()]) : take();
      const bias = take();
      return activate(y, normalize ? [take(), take()] : []).convolve(weight, bias);
    };
    let y = x;
    for (const i of CHANNELS.keys()) {
      // Scaling the first weights instead of every pixel gives the same sums and costs next to nothing.
      const weight = take();
      const bytes = i === 0 && inputDType === 'uint8' && !standardizeInput;
      y = y.convolve(bytes ? mul(weight, 1 / 255) : weight, take()).maxPool(POOL);
      y = y.plus(layer(layer(y)));
      y = y.plus(layer(layer(y)));
    }
    return activate(y, normalize ? [take(), take()] : []);
  }

  return {
    ...network,
    ...(spectralNorm ? { beforeUpdate: (weights, rounds = 1) => iteratePower(weights, spectral, rounds) } : {}),
    // Windows in single steps repeat each pixel nine times: im2col is no faster here and takes several times the memory.
    build(x, params, { convolutions: form = 'nchw', noise, taus, recurrence } = {}) {
      checkNetworkInputs('impala', network, x, params);
      let next = 0;
      const prepare = standardizeInput ? standardize : (pixels: Tensor) => pixels;
      const y = trunk(picturesOf(x, form, prepare), () => params[next++]);
      const pooled = pool === undefined ? y : y.adaptiveMaxPool(pool);
      return head(pooled.features(), hidden, params.slice(sections.length), options, { noise, taus, recurrence });
    },
  };
}

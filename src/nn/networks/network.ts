import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../../graph/graph.ts';
import type { ConvolutionForm } from '../../graph/lowering/convolutions.ts';
import type { DType, Shape } from '../../graph/tensor-spec.ts';
import { describe, sameShape } from '../../graph/tensor-spec.ts';
import type { Recurrence } from '../lstm.ts';
import type { ParameterSpec, Parameters } from '../parameters.ts';

/** One random vector that noisy layers take. */
export interface NoiseSpec {
  /** Name of the layer and the side, such as `fc.0.input`. Unique in the network. */
  readonly name: string;
  readonly shape: Shape;
}

export interface BuildOptions {
  /** How convolutions are written; networks without any ignore it. Default what is faster for the network and the batch. */
  readonly convolutions?: ConvolutionForm | undefined;
  /** One tensor of standard normal numbers for each of `noise`; without it noisy layers give their mean. */
  readonly noise?: readonly Tensor[] | undefined;
  /** Quantile fractions [B, N], or [N] for every row alike, that a network of implicit quantiles is asked at. */
  readonly taus?: Tensor | undefined;
  /** What a recurrent network goes on from: its rows are steps of sequences, and `after` is set. Others ignore it. */
  readonly recurrence?: Recurrence | undefined;
}

/** A function from observations to action values, with weights from outside. Holds no state. */
export interface Network {
  /** In the order in which `build` takes them. */
  readonly parameters: readonly ParameterSpec[];
  /** Shape of one observation, without the batch. */
  readonly inputShape: Shape;
  /** Element type of observations; bytes are scaled by 1/255 inside the graph. */
  readonly inputDType: DType;
  readonly actions: number;
  /** Numbers that it gives for each action; 1 where it is absent. */
  readonly width?: number | undefined;
  /** What noisy layers take, in the order of `BuildOptions.noise`; absent or empty where there are none. */
  readonly noise?: readonly NoiseSpec[];
  /** Numbers that a recurrent network remembers of an episode from step to step; absent for all others. */
  readonly stateSize?: number | undefined;
  /**
   * What moves parameters that gradients do not, such as the power iteration of spectral normalisation: called before every
   * update, and with more rounds when the first weights were drawn.
   * @param rounds default 1.
   */
  readonly beforeUpdate?: ((weights: Parameters, rounds?: number) => void) | undefined;
  /**
   * Writes the network into the graph of `x`.
   * @param x observations [B, ...inputShape] of type inputDType.
   * @param params one tensor for each of `parameters`, in their order.
   * @returns action values [B, actions]; [B, actions, width] for a width above 1; [B, actions, N] at taus.
   * @throws ShapeError when x or a parameter does not fit, or a recurrent network gets no `recurrence`.
   */
  build(x: Tensor, params: readonly Tensor[], options?: BuildOptions): Tensor;
}

/** @throws ShapeError unless x and params are what the network takes. */
export function checkNetworkInputs(
  kind: string,
  network: Pick<Network, 'parameters' | 'inputShape' | 'inputDType'>,
  x: Tensor,
  params: readonly Tensor[],
): void {
  const { parameters, inputShape, inputDType } = network;
  if (x.dtype !== inputDType || !sameShape(x.shape.slice(1), inputShape) || x.shape.length === 0) {
    throw new ShapeError(`${kind}: input ${describe(x)}, allowed is ${inputDType}[B, ${inputShape.join(', ')}].`);
  }
  if (params.length !== parameters.length) {
    throw new ShapeError(`${kind}: got ${params.length} parameters, needs ${parameters.length}.`);
  }
  parameters.forEach(({ name, shape }, i) => {
    if (!sameShape(params[i].shape, shape)) {
      throw new ShapeError(`${kind}: ${name} is ${describe(params[i])}, needs [${shape.join(', ')}].`);
    }
  });
}

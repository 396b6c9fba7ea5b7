import type { Tensor } from '../graph/graph.ts';
import { linear } from '../graph/ops/mat-mul.ts';
import type { NoiseSpec } from './networks/network.ts';
import type { ParameterSpec } from './parameters.ts';

/** A kind of fully connected layer: what it stores, what noise it takes, and its function. */
export interface LinearLayer {
  /** Parameters of a layer with this name, in the order that `build` takes them; always the same number. */
  parameters(name: string, inputs: number, outputs: number): ParameterSpec[];
  /** Random vectors of such a layer; none for most kinds. */
  noise(name: string, inputs: number, outputs: number): NoiseSpec[];
  /**
   * @param x [B, inputs]
   * @param noise as listed; absent for the layer's mean.
   * @returns [B, outputs]
   */
  build(x: Tensor, params: readonly Tensor[], noise?: readonly Tensor[]): Tensor;
}

/** y = x Wᵀ + b, in PyTorch's layout: weight [out, in], bias [out]. */
export const plainLinear: LinearLayer = {
  parameters: (name, inputs, outputs) => [
    { name: `${name}.weight`, shape: [outputs, inputs], fanIn: inputs },
    { name: `${name}.bias`, shape: [outputs], fanIn: inputs },
  ],
  noise: () => [],
  build: (x, [weight, bias]) => linear(x, weight, bias),
};

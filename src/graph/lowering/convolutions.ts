/**
 * A stack of convolutions, said once, in the form that the engine computes faster. The choice is made when the graph is
 * built, not when it is emitted: gradients are taken of the form, and layers of one form share their layout.
 */

import type { Tensor } from '../graph.ts';
import { cast } from '../ops/cast.ts';
import { conv2d } from '../ops/conv2d.ts';
import { flatten } from '../ops/reshape.ts';
import { transpose } from '../ops/transpose.ts';
import { convIm2col, toNhwc, toTaps } from './im2col.ts';

/**
 * `nchw` is ONNX's Conv: short, what a reader of the model expects, and fast where the weights are stored in the model.
 * `im2col` is the same function as matrix products (`im2col.ts`): a training step takes two thirds of the time or less.
 */
export type ConvolutionForm = 'nchw' | 'im2col';

/** The faster form on ONNX Runtime for weights that change: products pay from two pictures on. */
export function preferredForm(batch: number): ConvolutionForm {
  return batch === 1 ? 'nchw' : 'im2col';
}

/** A convolution of square windows, as `conv2d` has it, and what follows. */
export interface StackedConvolution {
  /** [O, C, k, k] */
  readonly weight: Tensor;
  /** [O] */
  readonly bias: Tensor;
  readonly stride: number;
  readonly padding: number;
  /** Elementwise over pixels. @param axis of the channels in y, whose other axes are the batch and pixels. */
  activation(y: Tensor, axis: number): Tensor;
}

/**
 * @param x pictures [B, C, H, W] of bytes or float32.
 * @param prepare what is done to the pixels as float32 before the first layer; they may lie in any order after the batch.
 * @returns features [B, O * H' * W'] of the last layer, channel by channel.
 */
export function convolutions(
  x: Tensor,
  layers: readonly StackedConvolution[],
  prepare: (pixels: Tensor) => Tensor,
  form: ConvolutionForm = preferredForm(x.shape[0]),
): Tensor {
  return { nchw, im2col }[form](x, layers, prepare);
}

function nchw(x: Tensor, layers: readonly StackedConvolution[], prepare: (pixels: Tensor) => Tensor): Tensor {
  let y = prepare(cast(x, 'float32'));
  for (const { weight, bias, stride, padding, activation } of layers) {
    y = activation(conv2d(y, weight, bias, { stride, padding }), 1);
  }
  return flatten(y);
}

function im2col(x: Tensor, layers: readonly StackedConvolution[], prepare: (pixels: Tensor) => Tensor): Tensor {
  const blocks = blocksOf(x, layers);
  let y = toNhwc(x, blocks[0]);
  y = { ...y, tensor: prepare(cast(y.tensor, 'float32')) };
  layers.forEach(({ weight, bias, stride, padding, activation }, i) => {
    const taps = toTaps(weight, blocks[i], i === 0 ? 'first' : 'last');
    const kernel = weight.shape[2] / blocks[i];
    const geometry = { kernel, stride: stride / blocks[i], padding, block: blocks[i + 1] ?? 1 };
    y = convIm2col(y, taps, bias, geometry, (z) => activation(z, 1));
  });
  return flatten(transpose(y.tensor, [0, 2, 1]));
}

/** The side of the blocks of pixels that each layer works on: its stride where all divides by it, else 1. */
function blocksOf(x: Tensor, layers: readonly StackedConvolution[]): number[] {
  let [, , height, width] = x.shape;
  return layers.map(({ weight, stride, padding }) => {
    const kernel = weight.shape[2];
    const whole = [kernel, height, width].every((length) => length % stride === 0);
    [height, width] = [height, width].map((length) => Math.floor((length + 2 * padding - kernel) / stride) + 1);
    return whole && padding === 0 ? stride : 1;
  });
}

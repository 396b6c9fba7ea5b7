/**
 * Pictures between the layers of a network that is no plain stack: said once, in either form of a convolution. Layers of one
 * form share their layout.
 */
import type { Tensor } from '../graph.ts';
import { add } from '../ops/arithmetic.ts';
import { cast } from '../ops/cast.ts';
import { conv2d } from '../ops/conv2d.ts';
import {
  adaptiveMaxPool2d,
  adaptiveWindows,
  maxPool2d,
  type PoolOptions,
  poolWindows,
  windowMax,
} from '../ops/max-pool.ts';
import { flatten, reshape } from '../ops/reshape.ts';
import { transpose } from '../ops/transpose.ts';
import type { ConvolutionForm } from './convolutions.ts';
import { convIm2col, type NhwcPictures, toNhwc, toTaps } from './im2col.ts';

/** A batch of pictures, layout apart. */
export interface Pictures {
  /** A convolution of square windows in steps of one pixel, which keeps the size. @param weight [O, C, k, k], k odd. */
  convolve(weight: Tensor, bias: Tensor): Pictures;
  maxPool(options: PoolOptions): Pictures;
  /** To side x side pixels. */
  adaptiveMaxPool(side: number): Pictures;
  /** @param f elementwise over pixels. It gets the axis of the channels; all others are the batch and pixels. */
  map(f: (y: Tensor, axis: number) => Tensor): Pictures;
  /** Pixel by pixel. @param other of the same form and shape. */
  plus(other: Pictures): Pictures;
  /** [B, C * H * W], channel by channel. */
  features(): Tensor;
}

/**
 * @param x [B, C, H, W] of bytes or float32.
 * @param prepare what is done to the pixels as float32; they may lie in any order after the batch.
 */
export function picturesOf(x: Tensor, form: ConvolutionForm, prepare: (pixels: Tensor) => Tensor): Pictures {
  if (form === 'nchw') return new Nchw(prepare(cast(x, 'float32')));
  const rows = toNhwc(x, 1);
  return new Im2col({ ...rows, tensor: prepare(cast(rows.tensor, 'float32')) });
}

class Nchw implements Pictures {
  readonly #x: Tensor;

  constructor(x: Tensor) {
    this.#x = x;
  }

  convolve(weight: Tensor, bias: Tensor): Nchw {
    return new Nchw(conv2d(this.#x, weight, bias, { padding: (weight.shape[2] - 1) / 2 }));
  }

  maxPool(options: PoolOptions): Nchw {
    return new Nchw(maxPool2d(this.#x, options));
  }

  adaptiveMaxPool(side: number): Nchw {
    return new Nchw(adaptiveMaxPool2d(this.#x, side));
  }

  map(f: (y: Tensor, axis: number) => Tensor): Nchw {
    return new Nchw(f(this.#x, 1));
  }

  plus(other: Pictures): Nchw {
    return new Nchw(add(this.#x, (other as Nchw).#x));
  }

  features(): Tensor {
    return flatten(this.#x);
  }
}

class Im2col implements Pictures {
  readonly #x: NhwcPictures;

  constructor(x: NhwcPictures) {
    this.#x = x;
  }

  convolve(weight: Tensor, bias: Tensor): Im2col {
    const kernel = weight.shape[2];
    const geometry = { kernel, stride: 1, padding: (kernel - 1) / 2, block: 1 };
    return new Im2col(convIm2col(this.#x, toTaps(weight, 1, 'last'), bias, geometry));
  }

  maxPool(options: PoolOptions): Im2col {
    return this.#pool(poolWindows(this.#x.height, options), poolWindows(this.#x.width, options));
  }

  adaptiveMaxPool(side: number): Im2col {
    return this.#pool(adaptiveWindows(this.#x.height, side), adaptiveWindows(this.#x.width, side));
  }

  #pool(rows: ReturnType<typeof poolWindows>, columns: ReturnType<typeof poolWindows>): Im2col {
    const { tensor, height, width } = this.#x;
    const [batch, , channels] = tensor.shape;
    const y = windowMax(windowMax(reshape(tensor, [batch, height, width, channels]), 1, rows), 2, columns);
    const size = { height: rows.length, width: columns.length };
    return new Im2col({ tensor: reshape(y, [batch, size.height * size.width, channels]), ...size });
  }

  map(f: (y: Tensor, axis: number) => Tensor): Im2col {
    return new Im2col({ ...this.#x, tensor: f(this.#x.tensor, 2) });
  }

  plus(other: Pictures): Im2col {
    return new Im2col({ ...this.#x, tensor: add(this.#x.tensor, (other as Im2col).#x.tensor) });
  }

  features(): Tensor {
    return flatten(transpose(this.#x.tensor, [0, 2, 1]));
  }
}

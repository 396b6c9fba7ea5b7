/**
 * Convolution as one matrix product over copied windows (im2col), the fastest form of a training step on ONNX Runtime.
 *
 * Pictures lie as NHWC, [B, H * W, C], not as NCHW: a pixel is a row of its channels. A convolution copies the rows under
 * each window (long runs, by fixed numbers, on all threads) and multiplies them by a weight matrix [taps * C, O]. Its
 * gradient in the picture copies rows of the output's gradient in the same way, instead of adding up overlapping windows.
 *
 * A convolution of stride s is one of stride 1 over blocks of s x s pixels (space to depth), a block being one longer row.
 * Where the kernel is a multiple of s and the sides are too, the forward pass works on blocks: copies get longer and
 * fewer. A product can give its rows in any order at no cost, so each layer writes its output in the blocks that the next
 * one wants, and no picture between layers is ever transposed.
 */
import { ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../graph.ts';
import { gatherRows } from '../ops/gather-rows.ts';
import { matMul } from '../ops/mat-mul.ts';
import { reshape } from '../ops/reshape.ts';
import { broadcastTo } from '../ops/sum-and-broadcast.ts';
import { transpose } from '../ops/transpose.ts';
import { withGradient } from '../ops/with-gradient.ts';
import { describe } from '../tensor-spec.ts';

/** A batch of pictures: tensor [B, height * width, channels], row-major over a grid of pixels or of blocks. */
export interface NhwcPictures {
  readonly tensor: Tensor;
  readonly height: number;
  readonly width: number;
}

export interface Im2colOptions {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  /** The output comes in blocks of block x block pixels: rows of the blocks of the grid, then pixels in a block. */
  readonly block: number;
}

/** From NCHW [B, C, H, W] to blocks of pixels, each a row of C * block * block elements (channel, row, column). */
export function toNhwc(x: Tensor, block: number): NhwcPictures {
  const [batch, channels, height, width] = x.shape;
  if (block === 1) {
    const rows = transpose(reshape(x, [batch, channels, height * width]), [0, 2, 1]);
    return { tensor: rows, height, width };
  }
  const [h, w] = [height / block, width / block];
  if (!Number.isInteger(h) || !Number.isInteger(w)) {
    throw new ShapeError(`toNhwc: blocks of ${block} do not divide ${describe(x)}.`);
  }
  // Two steps that each move one axis: a general transposition of six axes takes three times as long, gathering the rows of
  // blocks ten times as long as the second.
  const columns = transpose(reshape(x, [batch, channels * height, w, block]), [0, 2, 1, 3]);
  const rows = transpose(reshape(columns, [batch, w * channels, h, block * block]), [0, 2, 1, 3]);
  return { tensor: reshape(rows, [batch, h * w, channels * block * block]), height: h, width: w };
}

/**
 * Weights [O, C, k, k] as taps for a convolution over blocks: [(k / block)², C * block², O]. A column for each filter: a
 * plain transposition of the whole, then gathered rows of O elements, are the fastest way there and back.
 * @param channels where the channels stand in a row: before the pixels of the block (as `toNhwc` has them) or after
 *   (as blocks of `convIm2col` have them).
 */
export function toTaps(weight: Tensor, block: number, channels: 'first' | 'last'): Tensor {
  const [filters, depth, kernel] = weight.shape;
  const k = kernel / block;
  const order: number[] = [];
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      const pixels = Array.from({ length: block * block }, (_, i) => {
        return (a * block + Math.floor(i / block)) * kernel + b * block + (i % block);
      });
      const channelStarts = Array.from({ length: depth }, (_, c) => c * kernel * kernel);
      if (channels === 'first')
        for (const start of channelStarts) for (const pixel of pixels) order.push(start + pixel);
      else for (const pixel of pixels) for (const start of channelStarts) order.push(start + pixel);
    }
  }
  const count = depth * kernel * kernel;
  const rows = reshape(transpose(reshape(weight, [filters, count]), [1, 0]), [1, count, filters]);
  return reshape(gatherRows(rows, order), [k * k, depth * block * block, filters]);
}

/**
 * @param x rows of C elements.
 * @param weight [kernel², C, O], taps row-major over the window.
 * @param bias [O]
 * @param activation applied to the product at once, so that a runtime can fuse them.
 */
export function convIm2col(
  x: NhwcPictures,
  weight: Tensor,
  bias: Tensor,
  options: Im2colOptions,
  activation: (y: Tensor) => Tensor = (y) => y,
): NhwcPictures {
  const { kernel, stride, padding, block } = options;
  const [batch, pixels, channels] = x.tensor.shape;
  const [taps, depth, filters] = weight.shape;
  if (pixels !== x.height * x.width || channels !== depth || taps !== kernel * kernel) {
    throw new ShapeError(`convIm2col: input ${describe(x.tensor)} does not fit weight ${describe(weight)}.`);
  }
  const height = Math.floor((x.height + 2 * padding - kernel) / stride) + 1;
  const width = Math.floor((x.width + 2 * padding - kernel) / stride) + 1;
  const outputs = blockOrder(height, width, block);
  const gathered: number[] = [];
  for (const [i, j] of outputs) {
    for (let u = 0; u < kernel; u++) {
      for (let v = 0; v < kernel; v++) gathered.push(at(i * stride + u - padding, j * stride + v - padding, x));
    }
  }
  const columns = reshape(gatherRows(x.tensor, gathered), [batch * outputs.length, taps * channels]);
  const y = matMul(columns, reshape(weight, [taps * channels, filters]), { bias });
  const exact = withGradient(
    y,
    [x.tensor, weight, bias],
    (dy, [wantX, wantWeight, wantBias]) => [
      wantX ? inputGradient(x, weight, dy, options, outputs) : undefined,
      wantWeight ? weightGradient(x, weight, dy, columns, options, outputs, wantX) : undefined,
      wantBias ? columnSums(dy) : undefined,
    ],
    `convIm2col ${[x.height, x.width, kernel, stride, padding, block]}`,
  );
  return {
    tensor: reshape(activation(exact), [batch, outputs.length / block ** 2, block ** 2 * filters]),
    height: height / block,
    width: width / block,
  };
}

/**
 * For a strided window, or where the input's gradient is wanted too, the product of the output's gradient and the
 * gathered rows. A first layer moves over its blocks one by one, and its rows repeat each block once for every tap: there the
 * output's gradient is repeated instead, which is narrower, and the blocks stay as they are: up to half of the time.
 */
function weightGradient(
  x: NhwcPictures,
  weight: Tensor,
  dy: Tensor,
  columns: Tensor,
  { kernel, stride, padding }: Im2colOptions,
  outputs: readonly (readonly [number, number])[],
  wantX: boolean | undefined,
): Tensor {
  const [batch, pixels, channels] = x.tensor.shape;
  const [taps, , filters] = weight.shape;
  if (wantX || stride !== 1 || padding !== 0 || filters >= channels) {
    return reshape(turned(matMul(turned(dy), columns)), weight.shape);
  }
  // Of each input pixel and tap, the output whose window has the pixel there.
  const place = places(outputs);
  const windows: number[] = [];
  for (let i = 0; i < x.height; i++) {
    for (let j = 0; j < x.width; j++) {
      for (let u = 0; u < kernel; u++) {
        for (let v = 0; v < kernel; v++) windows.push(place.get(`${i - u} ${j - v}`) ?? -1);
      }
    }
  }
  const repeated = gatherRows(reshape(dy, [batch, outputs.length, filters]), windows);
  const product = matMul(
    reshape(x.tensor, [batch * pixels, channels]),
    reshape(repeated, [batch * pixels, taps * filters]),
    { transposeA: true },
  );
  return transpose(reshape(product, [channels, taps, filters]), [1, 0, 2]);
}

/** A matrix transposed on its own: the runtime would take a transposition next to a product into it, which then is slower. */
function turned(matrix: Tensor): Tensor {
  const [rows, columns] = matrix.shape;
  return reshape(transpose(reshape(matrix, [1, rows, columns]), [0, 2, 1]), [columns, rows]);
}

/** Number of each output pixel by its row and column. */
function places(outputs: readonly (readonly [number, number])[]): ReadonlyMap<string, number> {
  return new Map(outputs.map(([i, j], k) => [`${i} ${j}`, k]));
}

/**
 * Block by block of stride x stride pixels of the padded input: a block sees the windows that end in it or reach over it,
 * a = 0, 1, ... blocks back, and all its pixels see the same ones, so it is one row of a product.
 */
function inputGradient(
  x: NhwcPictures,
  weight: Tensor,
  dy: Tensor,
  { kernel, stride, padding }: Im2colOptions,
  outputs: readonly (readonly [number, number])[],
): Tensor {
  const [batch, , channels] = x.tensor.shape;
  const [kernelTaps, , filters] = weight.shape;
  const reach = Math.ceil(kernel / stride);
  const place = places(outputs);
  const first = Math.floor(padding / stride);
  const lastRow = Math.floor((x.height - 1 + padding) / stride);
  const lastColumn = Math.floor((x.width - 1 + padding) / stride);
  const blocksAcross = lastColumn - first + 1;
  const blocks = (lastRow - first + 1) * blocksAcross;

  const windows: number[] = [];
  for (let i = first; i <= lastRow; i++) {
    for (let j = first; j <= lastColumn; j++) {
      for (let a = 0; a < reach; a++)
        for (let b = 0; b < reach; b++) windows.push(place.get(`${i - a} ${j - b}`) ?? -1);
    }
  }
  // For each pixel and channel of a block, the weights of the windows that see it.
  const taps: number[] = [];
  for (let pixel = 0; pixel < stride * stride; pixel++) {
    for (let c = 0; c < channels; c++) {
      for (let back = 0; back < reach * reach; back++) {
        const u = Math.floor(back / reach) * stride + Math.floor(pixel / stride);
        const v = (back % reach) * stride + (pixel % stride);
        taps.push(u < kernel && v < kernel ? (u * kernel + v) * channels + c : -1);
      }
    }
  }
  const perBlock = stride * stride * channels;
  const columns = gatherRows(reshape(dy, [batch, outputs.length, filters]), windows);
  const matrix = gatherRows(reshape(weight, [1, kernelTaps * channels, filters]), taps);
  const product = matMul(
    reshape(columns, [batch * blocks, reach * reach * filters]),
    reshape(matrix, [perBlock, reach * reach * filters]),
    { transposeB: true },
  );
  const pixels: number[] = [];
  for (let row = padding; row < x.height + padding; row++) {
    for (let column = padding; column < x.width + padding; column++) {
      const block = (Math.floor(row / stride) - first) * blocksAcross + Math.floor(column / stride) - first;
      pixels.push((block * stride + (row % stride)) * stride + (column % stride));
    }
  }
  return gatherRows(reshape(product, [batch, blocks * stride * stride, channels]), pixels);
}

/** As a product with a row of ones, which takes a third of the time of ONNX's ReduceSum along the long axis. */
function columnSums(y: Tensor): Tensor {
  const [rows, columns] = y.shape;
  return reshape(matMul(broadcastTo(y.graph.constant(1), [1, rows]), y), [columns]);
}

/** Number of a pixel's row; -1 for padding. */
function at(row: number, column: number, { height, width }: NhwcPictures): number {
  return row >= 0 && row < height && column >= 0 && column < width ? row * width + column : -1;
}

/** Output pixels block by block. */
function blockOrder(height: number, width: number, block: number): [number, number][] {
  if (height % block !== 0 || width % block !== 0) {
    throw new ShapeError(`convIm2col: blocks of ${block} do not divide an output of ${height} x ${width}.`);
  }
  const order: [number, number][] = [];
  for (let i = 0; i < height; i += block) {
    for (let j = 0; j < width; j += block) {
      for (let u = 0; u < block; u++) for (let v = 0; v < block; v++) order.push([i + u, j + v]);
    }
  }
  return order;
}

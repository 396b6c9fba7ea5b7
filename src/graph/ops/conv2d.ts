import { OptionError, ShapeError } from '../../core/errors.ts';
import type { Tensor } from '../graph.ts';
import type { Values } from '../tensor-spec.ts';
import { describe, requireDType } from '../tensor-spec.ts';
import { crop } from './pad-and-crop.ts';
import { reduceSum } from './sum-and-broadcast.ts';
import { transpose } from './transpose.ts';

export interface ConvOptions {
  /** Step of the window, both ways; default 1. */
  readonly stride?: number;
  /** Zeros on every side; default 0. */
  readonly padding?: number;
  /** Step between the weights of a window; default 1. */
  readonly dilation?: number;
}

type Geometry = Required<ConvOptions>;

/**
 * Cross-correlation as in PyTorch: x [B, C, H, W], weight [O, C, kh, kw], bias [O] → [B, O, H', W'] with
 * H' = floor((H + 2 padding - dilation (kh - 1) - 1) / stride) + 1.
 * @throws ShapeError when they do not fit.
 */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvOptions = {}): Tensor {
  const geometry = complete('conv2d', options);
  for (const tensor of [x, weight]) requireDType('conv2d', tensor, 'float32');
  const [batch, channels, height, width] = x.shape;
  const [filters, weightChannels, kh, kw] = weight.shape;
  const outHeight = outLength(height, kh, geometry);
  const outWidth = outLength(width, kw, geometry);
  const fits = x.shape.length === 4 && weight.shape.length === 4 && channels === weightChannels;
  if (!fits || !(outHeight > 0 && outWidth > 0)) {
    throw new ShapeError(`conv2d: input ${describe(x)} does not fit weight ${describe(weight)} ([out, in, kh, kw]).`);
  }
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== filters || bias.dtype !== 'float32')) {
    throw new ShapeError(`conv2d: bias ${describe(bias)} does not fit ${filters} filters.`);
  }
  return x.graph.add({
    op: 'Conv',
    inputs: bias === undefined ? [x, weight] : [x, weight, bias],
    attributes: onnxAttributes(geometry, kh, kw),
    dtype: 'float32',
    shape: [batch, filters, outHeight, outWidth],
    evaluate: ([a, w, b]) => {
      const out = new Float64Array(batch * filters * outHeight * outWidth);
      if (b !== undefined) {
        const area = outHeight * outWidth;
        for (let i = 0; i < out.length; i++) out[i] = b.data[Math.floor(i / area) % filters];
      }
      eachTap(a.shape, w.shape, [outHeight, outWidth], geometry, (xAt, wAt, yAt) => {
        out[yAt] += a.data[xAt] * w.data[wAt];
      });
      return out;
    },
    gradient: (dy, _, [wantX, wantWeight, wantBias]) => [
      wantX ? convTranspose2d(dy, weight, options, [height, width]) : undefined,
      wantWeight ? weightGradient(x, dy, geometry, kh, kw) : undefined,
      wantBias ? reduceSum(dy, [0, 2, 3]) : undefined,
    ],
  });
}

/**
 * The gradient of `conv2d` in its input, as an operator: y [B, O, H', W'], weight [O, C, kh, kw] → [B, C, H, W]
 * (PyTorch's `conv_transpose2d`).
 * @param size H and W of the result, since several inputs of a strided convolution give one output size.
 */
export function convTranspose2d(
  y: Tensor,
  weight: Tensor,
  options: ConvOptions,
  size: readonly [number, number],
): Tensor {
  const geometry = complete('convTranspose2d', options);
  const { stride, padding, dilation } = geometry;
  for (const tensor of [y, weight]) requireDType('convTranspose2d', tensor, 'float32');
  const [batch, filters, outHeight, outWidth] = y.shape;
  const [weightFilters, channels, kh, kw] = weight.shape;
  const [height, width] = size;
  const fits = y.shape.length === 4 && weight.shape.length === 4 && filters === weightFilters;
  if (!fits || outLength(height, kh, geometry) !== outHeight || outLength(width, kw, geometry) !== outWidth) {
    throw new ShapeError(
      `convTranspose2d: ${describe(y)} and weight ${describe(weight)} do not give [${size.join(', ')}].`,
    );
  }
  const shape = [batch, channels, height, width];
  // What ONNX would leave out at the far edge: inputs that no window of a strided convolution reaches.
  const rest = [height, width].map((length, i) => {
    return length - ((y.shape[2 + i] - 1) * stride - 2 * padding + dilation * (weight.shape[2 + i] - 1) + 1);
  });
  return y.graph.add({
    op: 'ConvTranspose',
    inputs: [y, weight],
    attributes: { ...onnxAttributes(geometry, kh, kw), output_padding: rest },
    dtype: 'float32',
    shape,
    evaluate: ([a, w]) => {
      const out = new Float64Array(batch * channels * height * width);
      eachTap(shape, w.shape, [outHeight, outWidth], geometry, (xAt, wAt, yAt) => {
        out[xAt] += a.data[yAt] * w.data[wAt];
      });
      return out;
    },
    gradient: (dx, _, [wantY, wantWeight]) => [
      wantY ? conv2d(dx, weight, undefined, options) : undefined,
      wantWeight ? weightGradient(dx, y, geometry, kh, kw) : undefined,
    ],
  });
}

/**
 * Gradient in the weights: a convolution again, with batch and channels exchanged and stride and dilation too. It may
 * come out larger than the kernel where the stride left a rest.
 */
function weightGradient(x: Tensor, dy: Tensor, geometry: Geometry, kh: number, kw: number): Tensor {
  const { stride, padding, dilation } = geometry;
  const swap = [1, 0, 2, 3];
  const full = conv2d(transpose(x, swap), transpose(dy, swap), undefined, {
    stride: dilation,
    dilation: stride,
    padding,
  });
  return transpose(crop(full, [0, 0, 0, 0], [full.shape[0], full.shape[1], kh, kw]), swap);
}

/** Calls f with the three offsets of every product of a convolution. */
function eachTap(
  xShape: Values['shape'],
  wShape: Values['shape'],
  [outHeight, outWidth]: readonly [number, number],
  { stride, padding, dilation }: Geometry,
  f: (xAt: number, wAt: number, yAt: number) => void,
): void {
  const [batch, channels, height, width] = xShape;
  const [filters, , kh, kw] = wShape;
  for (let b = 0; b < batch; b++) {
    for (let o = 0; o < filters; o++) {
      for (let i = 0; i < outHeight; i++) {
        for (let j = 0; j < outWidth; j++) {
          const yAt = ((b * filters + o) * outHeight + i) * outWidth + j;
          for (let c = 0; c < channels; c++) {
            for (let u = 0; u < kh; u++) {
              const row = i * stride - padding + u * dilation;
              if (row < 0 || row >= height) continue;
              for (let v = 0; v < kw; v++) {
                const column = j * stride - padding + v * dilation;
                if (column < 0 || column >= width) continue;
                f(((b * channels + c) * height + row) * width + column, ((o * channels + c) * kh + u) * kw + v, yAt);
              }
            }
          }
        }
      }
    }
  }
}

function outLength(length: number, kernel: number, { stride, padding, dilation }: Geometry): number {
  return Math.floor((length + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

function complete(op: string, { stride = 1, padding = 0, dilation = 1 }: ConvOptions): Geometry {
  const whole = [stride, padding, dilation].every(Number.isInteger);
  if (!whole || stride < 1 || padding < 0 || dilation < 1) {
    throw new OptionError(
      `${op} options`,
      { stride, padding, dilation },
      'whole numbers: stride, dilation >= 1, padding >= 0',
    );
  }
  return { stride, padding, dilation };
}

function onnxAttributes({ stride, padding, dilation }: Geometry, kh: number, kw: number) {
  return {
    kernel_shape: [kh, kw],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
    dilations: [dilation, dilation],
  };
}

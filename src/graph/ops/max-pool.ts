/** Maxima of windows of a picture, as in PyTorch: `max_pool2d` and `adaptive_max_pool2d`. */
import { OptionError, ShapeError } from '../../core/errors.ts';
import { sizeOf } from '../../core/shape.ts';
import { gradients } from '../differentiate.ts';
import type { Tensor } from '../graph.ts';
import { describe, requireDType } from '../tensor-spec.ts';
import { mul } from './arithmetic.ts';
import { maximum } from './extremum.ts';
import { gatherRows } from './gather-rows.ts';
import { reshape } from './reshape.ts';
import { stopGradient } from './stop-gradient.ts';
import { reduceSum } from './sum-and-broadcast.ts';

/** Windows of one length, in regular steps; what lies outside the picture is never a maximum. */
export interface PoolOptions {
  readonly kernel: number;
  readonly stride: number;
  /** At most half of the kernel. */
  readonly padding: number;
}

/** Elements from <= i < to of an axis. */
type PoolWindow = readonly [from: number, to: number];

/** @returns [] where no window fits. @throws OptionError when the padding is more than half of the kernel. */
export function poolWindows(length: number, { kernel, stride, padding }: PoolOptions): PoolWindow[] {
  if (2 * padding > kernel) throw new OptionError('padding', padding, `at most half of the kernel (${kernel})`);
  const count = Math.max(0, Math.floor((length + 2 * padding - kernel) / stride) + 1);
  return Array.from({ length: count }, (_, i) => {
    const from = i * stride - padding;
    return [Math.max(0, from), Math.min(length, from + kernel)];
  });
}

/** `count` windows that share out the whole axis, as PyTorch has them. */
export function adaptiveWindows(length: number, count: number): PoolWindow[] {
  return Array.from({ length: count }, (_, i) => [
    Math.floor((i * length) / count),
    Math.ceil(((i + 1) * length) / count),
  ]);
}

/** Maxima along one axis, one for each window. Of equal ones the first gets the gradient. */
export function windowMax(x: Tensor, axis: number, windows: readonly PoolWindow[]): Tensor {
  const length = x.shape[axis];
  if (windows.length === 0 || windows.some(([from, to]) => from < 0 || to > length || from >= to)) {
    throw new ShapeError(`windowMax: windows do not fit axis ${axis} of ${describe(x)}.`);
  }
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const rows = reshape(x, [sizeOf(before), length, sizeOf(after)]);
  const longest = Math.max(...windows.map(([from, to]) => to - from));
  // Shorter windows see their last element again.
  const taps = Array.from({ length: longest }, (_, tap) =>
    gatherRows(
      rows,
      windows.map(([from, to]) => Math.min(from + tap, to - 1)),
    ),
  );
  return reshape(taps.reduce(maximum), [...before, windows.length, ...after]);
}

/**
 * x [B, C, H, W] → [B, C, H', W'] with H' = floor((H + 2 padding - kernel) / stride) + 1.
 * @throws ShapeError when no window fits.
 */
export function maxPool2d(x: Tensor, options: PoolOptions): Tensor {
  requireDType('maxPool2d', x, 'float32');
  const [batch, channels, height, width] = x.shape;
  const windows = [height, width].map((length) => poolWindows(length, options));
  const [rows, columns] = windows;
  if (x.shape.length !== 4 || rows.length === 0 || columns.length === 0) {
    throw new ShapeError(`maxPool2d: ${describe(x)} has no window of ${options.kernel}.`);
  }
  const { kernel, stride, padding } = options;
  return x.graph.add({
    op: 'MaxPool',
    inputs: [x],
    attributes: { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: Array<number>(4).fill(padding) },
    dtype: 'float32',
    shape: [batch, channels, rows.length, columns.length],
    evaluate: ([a]) => {
      const out: number[] = [];
      for (let picture = 0; picture < batch * channels; picture++) {
        for (const [top, bottom] of rows) {
          for (const [left, right] of columns) {
            let best = -Infinity;
            for (let i = top; i < bottom; i++) {
              const row = (picture * height + i) * width;
              for (let j = left; j < right; j++) best = Math.max(best, a.data[row + j]);
            }
            out.push(best);
          }
        }
      }
      return Float64Array.from(out);
    },
    gradient: (dy) => {
      const y = windowMax(windowMax(x, 2, rows), 3, columns);
      return gradients(reduceSum(mul(y, stopGradient(dy))), [x]);
    },
  });
}

/**
 * x [B, C, H, W] → [B, C, side, side], whatever H and W are.
 * @throws ShapeError unless both are at least `side`.
 */
export function adaptiveMaxPool2d(x: Tensor, side: number): Tensor {
  const [, , height, width] = x.shape;
  if (x.shape.length !== 4 || height < side || width < side) {
    throw new ShapeError(`adaptiveMaxPool2d: ${describe(x)} is smaller than ${side}x${side}.`);
  }
  const regular = height === width ? regularPool(height, side) : undefined;
  if (regular !== undefined) return maxPool2d(x, regular);
  return windowMax(windowMax(x, 2, adaptiveWindows(height, side)), 3, adaptiveWindows(width, side));
}

/** Regular windows that are the adaptive ones, which one operator has: 6 of 11 are those of kernel 3, stride 2, padding 1. */
function regularPool(length: number, count: number): PoolOptions | undefined {
  const wanted = String(adaptiveWindows(length, count));
  for (let kernel = 1; kernel <= length; kernel++) {
    for (let stride = 1; stride <= kernel; stride++) {
      for (let padding = 0; 2 * padding <= kernel; padding++) {
        const options = { kernel, stride, padding };
        if (String(poolWindows(length, options)) === wanted) return options;
      }
    }
  }
  return undefined;
}

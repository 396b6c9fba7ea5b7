import { OptionError } from '../core/errors.ts';

/** For each output cell, the input cells under it and their shares: cell i has entries `start[i]` to `start[i + 1]`. */
export interface AreaWeights {
  readonly start: Int32Array;
  readonly source: Int32Array;
  /** Shares of one output cell sum to 1. */
  readonly weight: Float32Array;
}

/** Shares of `from` cells laid over `to` cells of equal total length, as OpenCV's INTER_AREA has them: slivers below a
 * thousandth of a cell are left out.
 * @param name of `to`, for the message.
 * @throws OptionError unless `to` is a positive integer that is at most `from`. */
export function areaWeights(from: number, to: number, name = 'size'): AreaWeights {
  if (!(Number.isSafeInteger(to) && to >= 1 && to <= from)) throw new OptionError(name, to, `1 to ${from}`);
  const start = new Int32Array(to + 1);
  const source: number[] = [];
  const weight: number[] = [];
  const scale = from / to;
  for (let i = 0; i < to; i++) {
    const begin = i * scale;
    const end = begin + scale;
    const width = Math.min(scale, from - begin);
    const last = Math.min(Math.floor(end), from - 1);
    const first = Math.min(Math.ceil(begin), last);
    if (first - begin > 1e-3) {
      source.push(first - 1);
      weight.push((first - begin) / width);
    }
    for (let cell = first; cell < last; cell++) {
      source.push(cell);
      weight.push(1 / width);
    }
    if (end - last > 1e-3) {
      source.push(last);
      weight.push(Math.min(end - last, 1, width) / width);
    }
    start[i + 1] = source.length;
  }
  return { start, source: Int32Array.from(source), weight: Float32Array.from(weight) };
}

/** Weights of the two passes, and a factor of their sums. */
export interface ResizeWeights {
  readonly across: AreaWeights;
  readonly down: AreaWeights;
  readonly scale: number;
}

/** Weights of a shrunk picture. Where both sides are divided by whole numbers, OpenCV adds up bytes and multiplies the sum by
 * the rounded reciprocal of their number, which decides ties: there all weights are 1.
 * @throws OptionError for a side that is no positive integer or longer than before. */
export function resizeWeights(inWidth: number, inHeight: number, outWidth: number, outHeight: number): ResizeWeights {
  const across = areaWeights(inWidth, outWidth, 'width');
  const down = areaWeights(inHeight, outHeight, 'height');
  if (inWidth % outWidth !== 0 || inHeight % outHeight !== 0) return { across, down, scale: 1 };
  across.weight.fill(1);
  down.weight.fill(1);
  return { across, down, scale: Math.fround((outWidth * outHeight) / (inWidth * inHeight)) };
}

/**
 * Shrinks a picture of one channel by averaging the area under each output pixel (OpenCV's `resize` with `INTER_AREA`,
 * in its single precision and its order of sums, so that results agree to the last bit).
 *
 * The picture comes in row by row, and only rows that changed need to be given again.
 */
export class AreaResize {
  readonly outWidth: number;
  readonly outHeight: number;
  private readonly across: AreaWeights;
  private readonly down: AreaWeights;
  private readonly scale: number;
  /** Each input row, shrunk to the output's width: [inHeight, outWidth]. */
  private readonly shrunkRows: Float32Array;
  /** OpenCV has a faster loop for exact halves, which rounds ties up. */
  private readonly halves: boolean;
  /** 1 for input rows given since the last `finish`. */
  private readonly dirty: Uint8Array;

  /** @throws OptionError for an output side that is no positive integer or longer than the input's. */
  constructor(inWidth: number, inHeight: number, outWidth: number, outHeight: number) {
    this.outWidth = outWidth;
    this.outHeight = outHeight;
    const { across, down, scale } = resizeWeights(inWidth, inHeight, outWidth, outHeight);
    this.across = across;
    this.down = down;
    this.scale = scale;
    this.halves = inWidth === 2 * outWidth && inHeight === 2 * outHeight;
    this.shrunkRows = new Float32Array(inHeight * outWidth);
    this.dirty = new Uint8Array(inHeight);
  }

  /** @param line brightness along row y; read only. */
  setRow(y: number, line: Float32Array): void {
    const { start, source, weight } = this.across;
    const outWidth = this.outWidth;
    const shrunkRows = this.shrunkRows;
    const base = y * outWidth;
    let entry = 0;
    for (let x = 0; x < outWidth; x++) {
      const end = start[x + 1];
      let sum = 0;
      for (; entry < end; entry++) sum = Math.fround(sum + Math.fround(line[source[entry]] * weight[entry]));
      shrunkRows[base + x] = sum;
    }
    this.dirty[y] = 1;
  }

  /**
   * Writes the output rows that changed since the last call.
   * @param out [rows, outWidth], the same array each time; holds output rows from `cropTop` on, as many as fit.
   * @param rounding `nearest`: as OpenCV stores bytes; `down`: as NumPy's `astype(uint8)`.
   */
  finish(out: Uint8Array, rounding: 'nearest' | 'down', cropTop = 0): void {
    const { start, source, weight } = this.down;
    const outWidth = this.outWidth;
    const shrunkRows = this.shrunkRows;
    const dirty = this.dirty;
    const scale = this.scale;
    const rows = out.length / outWidth;
    for (let row = 0; row < rows; row++) {
      const from = start[row + cropTop];
      const to = start[row + cropTop + 1];
      let changed = 0;
      for (let entry = from; entry < to; entry++) changed |= dirty[source[entry]];
      if (changed === 0) continue;
      const target = row * outWidth;
      for (let x = 0; x < outWidth; x++) {
        let sum = 0;
        for (let entry = from; entry < to; entry++) {
          sum = Math.fround(sum + Math.fround(weight[entry] * shrunkRows[source[entry] * outWidth + x]));
        }
        sum = Math.fround(sum * scale);
        out[target + x] = rounding === 'down' ? sum : this.halves ? sum + 0.5 : roundHalfEven(sum);
      }
    }
    dirty.fill(0);
  }
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && (floor & 1) === 1) ? floor + 1 : floor;
}

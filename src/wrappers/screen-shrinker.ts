import type { Env } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import type { Box } from '../spaces/box.ts';
import { AreaResize } from './area-resize.ts';
import { ScreenReader } from './palette-screen.ts';
import { PairShrink, type PairShrinkSizes } from './shrink-kernel/pair-shrink.ts';

/** Brightness of a colour as a float32. */
export type BrightnessOf = (red: number, green: number, blue: number) => number;

/** Height, width and channels (1 or 3) of an environment's pictures.
 * @throws MismatchError unless observations are a Box of bytes [h, w], [h, w, 1] or [h, w, 3]. */
export function pictureShape(env: Pick<Env, 'observationSpace'>, wrapper: string): readonly [number, number, 1 | 3] {
  const space = env.observationSpace as Partial<Box<'uint8'>>;
  const shape = space.shape ?? [];
  const channels = shape.length === 2 ? 1 : shape[2];
  if (space.kind !== 'box' || space.dtype !== 'uint8' || shape.length > 3 || (channels !== 1 && channels !== 3)) {
    throw new MismatchError(
      `${wrapper} needs pictures, Box(0, 255, (height, width, 3), uint8), got ${env.observationSpace}.`,
    );
  }
  return [shape[0], shape[1], channels];
}

/**
 * Turns an environment's pictures into small ones of one channel: brightness, then area resize. Rows that are the same
 * as in the picture before are not computed again.
 */
export class ScreenShrinker {
  private readonly reader: ScreenReader;
  private readonly resize: AreaResize;
  private readonly rounding: 'nearest' | 'down';
  private readonly cropTop: number;
  private readonly brightness: BrightnessOf;
  private readonly width: number;
  private readonly height: number;
  private readonly channels: 1 | 3;
  private readonly line: Float32Array;
  private readonly sizes: Omit<PairShrinkSizes, 'rows'>;
  /** For pairs of frames: made when first needed, undefined where the sizes do not fit it. */
  private pairs: PairShrink | undefined;
  private pairsTried = false;
  /** Whether the output shows the latest pair. */
  private pairKnown = false;
  /** Brightness of each palette number, made when first needed. */
  private table: Float32Array | undefined;
  /** The array that the latest picture came in; sources use the same one again and again. */
  private picture: Uint8Array | Uint16Array | undefined;
  /** Its memory, and a copy of the picture before. */
  private now: Int32Array | Uint8Array = new Uint8Array(0);
  private previous: Int32Array | Uint8Array = new Uint8Array(0);

  /**
   * @param shape of the environment's pictures, as `pictureShape` gives it.
   * @param outHeight rows that the whole picture would shrink to; the output holds those from `cropTop` on.
   */
  constructor(
    env: object,
    shape: readonly [number, number, 1 | 3],
    outWidth: number,
    outHeight: number,
    brightness: BrightnessOf,
    rounding: 'nearest' | 'down',
    cropTop = 0,
  ) {
    [this.height, this.width, this.channels] = shape;
    this.resize = new AreaResize(this.width, this.height, outWidth, outHeight);
    this.reader = new ScreenReader(env);
    this.brightness = brightness;
    this.rounding = rounding;
    this.cropTop = cropTop;
    this.line = new Float32Array(this.width);
    this.sizes = { width: this.width, height: this.height, outWidth, outHeight, cropTop };
  }

  /** @param out the same array at each call; see `AreaResize.finish`. */
  shrink(observation: Uint8Array, out: Uint8Array): void {
    if (this.shrinkPair(observation, out)) return;
    this.pairKnown = false;
    const indices = this.reader.read(observation);
    const picture = indices ?? observation;
    const known = picture === this.picture;
    if (!known) this.look(picture);
    for (let y = 0; y < this.height; y++) {
      if (known && !this.rowChanged(y)) continue;
      if (indices !== undefined) this.lookUp(indices, y);
      else this.compute(observation, y);
      this.resize.setRow(y, this.line);
    }
    this.previous.set(this.now);
    this.resize.finish(out, this.rounding, this.cropTop);
  }

  private shrinkPair(observation: Uint8Array, out: Uint8Array): boolean {
    if (this.pairsTried && this.pairs === undefined) return false;
    const pair = this.reader.readPair(observation);
    if (pair === undefined) return false;
    if (!this.pairsTried) {
      this.pairsTried = true;
      const sizes = { ...this.sizes, rows: out.length / this.sizes.outWidth };
      this.table ??= this.makeTable();
      if (PairShrink.fits(sizes)) this.pairs = new PairShrink(sizes, this.table, this.rounding);
    }
    if (this.pairs === undefined) return false;
    this.pairs.shrink(pair.first, pair.second, out, this.pairKnown);
    this.pairKnown = true;
    // The slower way would have to begin anew.
    this.picture = undefined;
    return true;
  }

  /** Takes up another array to read pictures from. */
  private look(picture: Uint8Array | Uint16Array): void {
    const { buffer, byteOffset, byteLength } = picture;
    const rowBytes = byteLength / this.height;
    // Four bytes at a time where memory allows.
    this.now =
      rowBytes % 4 === 0 && byteOffset % 4 === 0
        ? new Int32Array(buffer, byteOffset, byteLength / 4)
        : new Uint8Array(buffer, byteOffset, byteLength);
    this.previous = this.now.slice();
    this.picture = picture;
  }

  private rowChanged(y: number): boolean {
    const now = this.now;
    const previous = this.previous;
    const length = now.length / this.height;
    const end = (y + 1) * length;
    for (let i = y * length; i < end; i++) if (now[i] !== previous[i]) return true;
    return false;
  }

  /** Makes the next picture be computed in full, from an observation that may come from anywhere. */
  forget(): void {
    this.picture = undefined;
    this.pairKnown = false;
    this.reader.forget();
  }

  private lookUp(indices: Uint8Array | Uint16Array, y: number): void {
    this.table ??= this.makeTable();
    const width = this.width;
    const line = this.line;
    const table = this.table;
    const base = y * width;
    for (let x = 0; x < width; x++) line[x] = table[indices[base + x]];
  }

  private makeTable(): Float32Array {
    const palette = this.reader.palette;
    return Float32Array.from({ length: palette.length / 3 }, (_, i) =>
      this.brightness(palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]),
    );
  }

  private compute(observation: Uint8Array, y: number): void {
    const width = this.width;
    const line = this.line;
    if (this.channels === 1) {
      for (let x = 0; x < width; x++) line[x] = observation[y * width + x];
      return;
    }
    let at = 3 * y * width;
    for (let x = 0; x < width; x++, at += 3) {
      line[x] = this.brightness(observation[at], observation[at + 1], observation[at + 2]);
    }
  }
}

import { restoreArray, SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { AreaResize } from './area-resize.ts';
import { PairShrink } from './shrink-kernel/pair-shrink.ts';

type Indices = Uint8Array | Uint16Array;

/**
 * The end of DQN's preprocessing (Mnih et al. 2015, Methods): the brighter of two frames, pixel by pixel, shrunk by area.
 * Frames come as palette numbers; rows that are the same as in the step before are not computed again, and where colours and
 * sizes fit it all is done in WebAssembly.
 *
 * Results are those of Gymnasium's `AtariPreprocessing` and ale-py's `AtariVectorEnv`: pooling after the palette, and
 * OpenCV's `INTER_AREA`.
 */
export class FramePool {
  readonly outWidth: number;
  readonly outHeight: number;
  /** 1 for gray, 3 for colour. */
  readonly channels: 1 | 3;
  private readonly width: number;
  private readonly height: number;
  /** Value of each palette number, one table a channel. */
  private readonly tables: readonly Uint8Array[];
  private readonly resizes: readonly AreaResize[];
  /** The picture to shrink, [height, width] for each channel. */
  private readonly pooled: readonly Uint8Array[];
  /** What it is shrunk to, [outHeight, outWidth] for each channel. */
  private readonly small: readonly Uint8Array[];
  private readonly line: Float32Array;
  /** Palette numbers of the two frames, and of those of the step before; unused where there are `pairs`. */
  private first: Indices;
  private firstBefore: Indices;
  private readonly secondBefore: Indices;
  private hasFirst = false;
  /** Whether `pooled` is that of the frames before. */
  private known = false;
  /** One a channel, where sizes and colours fit. */
  private readonly pairs: readonly PairShrink[] = [];
  private pairsKnown = false;
  /** Whether `pooled` has yet to be made from the frames before: `pairs` does without it. */
  private pooledDue = false;

  /** @param palette [n, 3]; gray is ALE's, 0.2989 R + 0.5870 G + 0.1140 B.
   * @throws OptionError when the result is larger than the picture. */
  constructor(
    palette: Uint8Array,
    [height, width]: readonly [height: number, width: number],
    [outHeight, outWidth]: readonly [height: number, width: number],
    channels: 1 | 3,
  ) {
    this.width = width;
    this.height = height;
    this.outWidth = outWidth;
    this.outHeight = outHeight;
    this.channels = channels;
    this.tables = channels === 1 ? [grayTable(palette)] : [0, 1, 2].map((channel) => channelTable(palette, channel));
    this.resizes = this.tables.map(() => new AreaResize(width, height, outWidth, outHeight));
    this.pooled = this.tables.map(() => new Uint8Array(height * width));
    this.small = this.tables.map(() => new Uint8Array(outHeight * outWidth));
    this.line = new Float32Array(width);
    const sizes = { width, height, outWidth, outHeight, rows: outHeight, cropTop: 0 };
    const few = palette.length <= 3 * 256;
    if (few && PairShrink.fits(sizes)) {
      this.pairs = this.tables.map((table) => new PairShrink(sizes, pairTable(table), 'nearest'));
    }
    const length = this.pairs.length > 0 ? 0 : height * width;
    const indices = (): Indices => (few ? new Uint8Array(length) : new Uint16Array(length));
    this.first = indices();
    this.firstBefore = indices();
    this.secondBefore = indices();
  }

  /** Stores the last frame but one of a step. */
  storeFirst(frame: Indices): void {
    if (this.pairs.length > 0) this.pairs[0].nextFirst.set(frame);
    else this.first.set(frame);
    this.hasFirst = true;
  }

  /** A single frame, as after a reset. */
  single(frame: Indices, out: Uint8Array): void {
    if (this.pairs.length > 0) {
      this.shrinkPair(frame as Uint8Array, frame as Uint8Array, out);
      return;
    }
    for (let y = 0; y < this.height; y++) this.poolRow(y, frame, frame);
    this.known = false;
    this.hasFirst = false;
    this.finish(out);
  }

  /** The last frame of a step: pooled with the one that was stored, if any. */
  pair(frame: Indices, out: Uint8Array): void {
    if (!this.hasFirst) {
      this.single(frame, out);
      return;
    }
    if (this.pairs.length > 0) {
      this.shrinkPair(this.pairs[0].nextFirst, frame as Uint8Array, out);
      return;
    }
    const { width } = this;
    const first = this.first;
    const firstBefore = this.firstBefore;
    const secondBefore = this.secondBefore;
    const known = this.known;
    for (let y = 0; y < this.height; y++) {
      const from = y * width;
      if (known && sameRow(first, firstBefore, from, width) && sameRow(frame, secondBefore, from, width)) continue;
      this.poolRow(y, first, frame);
    }
    this.first = firstBefore;
    this.firstBefore = first;
    secondBefore.set(frame);
    this.known = true;
    this.hasFirst = false;
    this.finish(out);
  }

  private shrinkPair(first: Uint8Array, second: Uint8Array, out: Uint8Array): void {
    const { pairs, small } = this;
    const gray = pairs.length === 1;
    for (const [channel, shrinking] of pairs.entries()) {
      shrinking.shrink(first, second, gray ? out : small[channel], this.pairsKnown);
    }
    if (!gray) interleave(small, out);
    this.pairsKnown = true;
    this.hasFirst = false;
    this.pooledDue = true;
  }

  /** Makes `pooled` what the latest picture shows, and has every row of it shrunk. */
  private settle(): void {
    if (!this.pooledDue) return;
    this.pooledDue = false;
    const { first, second } = this.pairs[0].latest;
    for (let y = 0; y < this.height; y++) this.poolRow(y, first, second);
  }

  /** A step that ended before its last frame: the picture of the step before, pooled with the frame stored since, if any. */
  endEarly(out: Uint8Array): void {
    this.settle();
    if (this.hasFirst) {
      const first = this.pairs.length > 0 ? this.pairs[0].nextFirst : this.first;
      for (const [channel, pooled] of this.pooled.entries()) {
        const table = this.tables[channel];
        for (let i = 0; i < pooled.length; i++) pooled[i] = Math.max(pooled[i], table[first[i]]);
        for (let y = 0; y < this.height; y++) this.shrinkRow(y, channel);
      }
      this.known = false;
      this.hasFirst = false;
    }
    this.finish(out);
  }

  /** The picture, [height, width] a channel. */
  save(): Uint8Array[] {
    this.settle();
    return this.pooled.map((plane) => plane.slice());
  }

  /** @throws MismatchError unless it is what `save` returned. */
  restore(state: Snapshot, out: Uint8Array): void {
    const planes = new SavedState({ picture: state }, 'picture').list('picture', this.pooled.length);
    for (const [channel, plane] of planes.entries()) {
      restoreArray(plane, 'picture', this.pooled[channel]);
      for (let y = 0; y < this.height; y++) this.shrinkRow(y, channel);
    }
    this.known = false;
    this.hasFirst = false;
    this.pooledDue = false;
    this.finish(out);
  }

  private poolRow(y: number, a: Indices, b: Indices): void {
    const { width, tables } = this;
    const from = y * width;
    for (let channel = 0; channel < tables.length; channel++) {
      const table = tables[channel];
      const pooled = this.pooled[channel];
      const line = this.line;
      for (let x = 0; x < width; x++) {
        const i = from + x;
        const p = table[a[i]];
        const q = table[b[i]];
        const brighter = p > q ? p : q;
        pooled[i] = brighter;
        line[x] = brighter;
      }
      this.resizes[channel].setRow(y, line);
    }
  }

  private shrinkRow(y: number, channel: number): void {
    const { width } = this;
    const line = this.line;
    const pooled = this.pooled[channel];
    for (let x = 0; x < width; x++) line[x] = pooled[y * width + x];
    this.resizes[channel].setRow(y, line);
  }

  private finish(out: Uint8Array): void {
    const small = this.small;
    const channels = this.channels;
    for (let channel = 0; channel < channels; channel++) this.resizes[channel].finish(small[channel], 'nearest');
    if (channels === 1) {
      out.set(small[0]);
      return;
    }
    interleave(small, out);
  }
}

function interleave([red, green, blue]: readonly Uint8Array[], out: Uint8Array): void {
  for (let i = 0; i < red.length; i++) {
    out[3 * i] = red[i];
    out[3 * i + 1] = green[i];
    out[3 * i + 2] = blue[i];
  }
}

function sameRow(a: Indices, b: Indices, from: number, width: number): boolean {
  for (let i = from; i < from + width; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The brighter of two palette numbers a and b, at 256 a + b. */
function pairTable(table: Uint8Array): Float32Array {
  const pairs = new Float32Array(256 * 256);
  for (let a = 0; a < table.length; a++) {
    for (let b = 0; b < table.length; b++) pairs[256 * a + b] = Math.max(table[a], table[b]);
  }
  return pairs;
}

function grayTable(palette: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: palette.length / 3 }, (_, i) =>
    Math.round(palette[3 * i] * 0.2989 + palette[3 * i + 1] * 0.587 + palette[3 * i + 2] * 0.114),
  );
}

function channelTable(palette: Uint8Array, channel: number): Uint8Array {
  return Uint8Array.from({ length: palette.length / 3 }, (_, i) => palette[3 * i + channel]);
}

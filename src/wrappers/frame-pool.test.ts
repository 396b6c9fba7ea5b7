import { afterEach, describe, expect, it, vi } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { AreaResize } from './area-resize.ts';
import { FramePool } from './frame-pool.ts';
import { PairShrink } from './shrink-kernel/pair-shrink.ts';

const HEIGHT = 210;

/** Pools and shrinks every picture in full, each channel through its table. */
class PlainPool {
  private pooled: readonly Uint8Array[];
  private readonly size: readonly [height: number, width: number];
  private readonly tables: readonly Uint8Array[];
  private readonly width: number;

  constructor(tables: readonly Uint8Array[], width: number, size: readonly [height: number, width: number]) {
    this.pooled = tables.map(() => new Uint8Array(width * HEIGHT));
    this.tables = tables;
    this.width = width;
    this.size = size;
  }
  show(...frames: readonly Uint8Array[]): Uint8Array {
    this.pooled = this.pooled.map((plane) => plane.fill(0));
    for (const frame of frames) this.add(frame);
    return this.shrunk();
  }
  add(frame: Uint8Array): Uint8Array {
    this.pooled = this.pooled.map((plane, c) => plane.map((value, i) => Math.max(value, this.tables[c][frame[i]])));
    return this.shrunk();
  }
  shrunk(): Uint8Array {
    const [height, width] = this.size;
    const planes = this.pooled.map((plane) => {
      const resize = new AreaResize(this.width, HEIGHT, width, height);
      for (let y = 0; y < HEIGHT; y++) {
        resize.setRow(y, Float32Array.from(plane.subarray(y * this.width, (y + 1) * this.width)));
      }
      const out = new Uint8Array(height * width);
      resize.finish(out, 'nearest');
      return out;
    });
    return Uint8Array.from({ length: planes.length * height * width }, (_, i) => {
      return planes[i % planes.length][Math.floor(i / planes.length)];
    });
  }
}

describe('FramePool', () => {
  // In WebAssembly, and of a width that it does not take.
  it.each([
    { screen: 160, size: [84, 84], channels: 1 },
    { screen: 160, size: [84, 50], channels: 3 },
    { screen: 150, size: [84, 50], channels: 1 },
    { screen: 150, size: [42, 42], channels: 3 },
  ] as const)('shows what a plain pool shows: %o', ({ screen: WIDTH, size, channels }) => {
    const [height, width] = size;
    const random = new Generator(4);
    const palette = Uint8Array.from(random.integersArray(0, 256, 3 * 256));
    const table = (value: (red: number, green: number, blue: number) => number) =>
      Uint8Array.from({ length: 256 }, (_, i) => value(palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]));
    const gray = table((red, green, blue) => Math.round(red * 0.2989 + green * 0.587 + blue * 0.114));
    const colours = [table((red) => red), table((_, green) => green), table((_r, _g, blue) => blue)];
    const plain = new PlainPool(channels === 1 ? [gray] : colours, WIDTH, size);
    const pool = new FramePool(palette, [HEIGHT, WIDTH], size, channels);
    const out = new Uint8Array(height * width * channels);
    let frame = new Uint8Array(WIDTH * HEIGHT);
    /** A few rows of the frame before change. */
    const next = () => {
      frame = frame.slice();
      const [from, rows] = [random.integers(HEIGHT), random.integers(20)];
      frame.fill(random.integers(256), from * WIDTH, Math.min(HEIGHT, from + rows) * WIDTH + 17);
      return frame;
    };
    const pair = () => {
      const [first, second] = [next(), next()];
      pool.storeFirst(first);
      pool.pair(second, out);
      expect(Buffer.compare(out, plain.show(first, second))).toBe(0);
    };
    pool.single(next(), out);
    expect(Buffer.compare(out, plain.show(frame))).toBe(0);
    for (let round = 0; round < 2; round++) {
      pair();
      pair();
      // A step that ends on its last frame but one, and one that ends before.
      const first = next();
      pool.storeFirst(first);
      pool.endEarly(out);
      expect(Buffer.compare(out, plain.add(first))).toBe(0);
      pool.endEarly(out);
      expect(Buffer.compare(out, plain.shrunk())).toBe(0);
      pool.single(next(), out);
      expect(Buffer.compare(out, plain.show(frame))).toBe(0);
      pair();
      pool.endEarly(out);
      expect(Buffer.compare(out, plain.shrunk())).toBe(0);
      pair();
      // As if in another program.
      const other = new FramePool(palette, [HEIGHT, WIDTH], size, channels);
      const restored = new Uint8Array(out.length);
      other.restore(pool.save(), restored);
      expect(Buffer.compare(restored, plain.shrunk())).toBe(0);
      pool.restore(pool.save(), out);
      expect(Buffer.compare(out, plain.shrunk())).toBe(0);
      const last = next();
      for (const one of [pool, other]) one.storeFirst(last);
      pool.endEarly(out);
      other.endEarly(restored);
      expect(Buffer.compare(out, plain.add(last))).toBe(0);
      expect(Buffer.compare(restored, out)).toBe(0);
    }
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  const gray = (colours: number): Uint8Array =>
    Uint8Array.from({ length: 3 * colours }, (_, i) => 255 - ((i / 3) >> 1));
  /** A pool, its picture, and what it did since it was last asked: rows shrunk, pairs given to WebAssembly. */
  function counted(width: number, colours = 256) {
    const rows = vi.spyOn(AreaResize.prototype, 'setRow');
    const pairs = vi.spyOn(PairShrink.prototype, 'shrink');
    const pool = new FramePool(gray(colours), [HEIGHT, width], [42, 42], 1);
    const out = new Uint8Array(42 * 42);
    const done = () => {
      const counts = [rows.mock.calls.length, pairs.mock.calls.length];
      for (const spy of [rows, pairs]) spy.mockClear();
      return counts;
    };
    const Indices = colours > 256 ? Uint16Array : Uint8Array;
    const frame = (colour: number, row = 0, rowColour = colour) =>
      new Indices(HEIGHT * width).fill(colour).fill(rowColour, row * width, (row + 1) * width);
    const pair = (first: Uint8Array | Uint16Array, second: Uint8Array | Uint16Array) => {
      pool.storeFirst(first);
      pool.pair(second, out);
      return done();
    };
    return { pool, out, done, frame, pair };
  }

  it('computes in WebAssembly what fits it', () => {
    const { pool, out, done, frame, pair } = counted(160);
    pool.single(frame(2), out);
    expect(done()).toEqual([0, 1]);
    expect(pair(frame(4), frame(6))).toEqual([0, 1]);
    expect(new Set(out)).toEqual(new Set([253]));
  });

  it.each([
    [150, 256],
    [160, 400],
  ])('of %i pixels a row and %i colours, computes only rows that change', (width, colours) => {
    const { pool, out, done, frame, pair } = counted(width, colours);
    const dark = colours - 2;
    // The first is of palette number 0, as the memory of frames is in the beginning.
    expect(pair(frame(0), frame(0))).toEqual([HEIGHT, 0]);
    expect(new Set(out)).toEqual(new Set([255]));
    expect(pair(frame(dark), frame(dark))).toEqual([HEIGHT, 0]);
    expect(new Set(out)).toEqual(new Set([255 - dark / 2]));
    expect(pair(frame(dark), frame(dark))).toEqual([0, 0]);
    expect(pair(frame(dark), frame(dark, 5, 0))).toEqual([1, 0]);
    // A row of the result is of five.
    const fifth = Math.round(255 - dark / 2 + dark / 2 / 5);
    expect([out[0], out[42], out[84]]).toEqual([255 - dark / 2, fifth, 255 - dark / 2]);
    expect(pair(frame(dark, 5, 0), frame(dark, 5, 0))).toEqual([1, 0]);
    expect(pair(frame(dark), frame(dark, HEIGHT - 1, 0))).toEqual([2, 0]);
    pool.single(frame(dark), out);
    expect(done()).toEqual([HEIGHT, 0]);
    expect(pair(frame(dark), frame(dark))).toEqual([HEIGHT, 0]);
  });

  it.each([150, 160])('shows nothing of a step that ended early in the next, of %i pixels a row', (width) => {
    const { pool, out, frame, pair } = counted(width);
    pair(frame(8), frame(8));
    pool.storeFirst(frame(2));
    pool.endEarly(out);
    expect(new Set(out)).toEqual(new Set([254]));
    pair(frame(8), frame(8));
    expect(new Set(out)).toEqual(new Set([251]));
    pool.storeFirst(frame(2));
    pool.endEarly(out);
    // Its last frame alone was stored.
    pool.pair(frame(8), out);
    expect(new Set(out)).toEqual(new Set([251]));
  });

  it.each([150, 160])('saves a copy, and shows what was restored until the next frame, of %i pixels a row', (width) => {
    const { pool, out, frame, pair } = counted(width);
    pair(frame(2), frame(2));
    const saved = pool.save();
    pair(frame(8), frame(8));
    pool.save();
    pair(frame(10), frame(10));
    expect(saved).toEqual([new Uint8Array(HEIGHT * width).fill(254)]);
    pool.restore(saved, out);
    expect(new Set(out)).toEqual(new Set([254]));
    pool.endEarly(out);
    expect(new Set(out)).toEqual(new Set([254]));
    pair(frame(10), frame(10));
    expect(new Set(out)).toEqual(new Set([250]));
  });
});

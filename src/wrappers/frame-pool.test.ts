import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { AreaResize } from './area-resize.ts';
import { FramePool } from './frame-pool.ts';

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
});

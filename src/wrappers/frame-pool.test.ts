import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { AreaResize } from './area-resize.ts';
import { FramePool } from './frame-pool.ts';

const WIDTH = 160;
const HEIGHT = 210;

/** Pools and shrinks every picture in full. */
class PlainPool {
  private pooled = new Uint8Array(WIDTH * HEIGHT);
  private readonly size: readonly [height: number, width: number];
  private readonly gray: Uint8Array;

  constructor(gray: Uint8Array, size: readonly [height: number, width: number]) {
    this.gray = gray;
    this.size = size;
  }
  show(...frames: readonly Uint8Array[]): Uint8Array {
    this.pooled = this.pooled.map((_, i) => Math.max(...frames.map((frame) => this.gray[frame[i]])));
    return this.shrunk();
  }
  add(frame: Uint8Array): Uint8Array {
    this.pooled = this.pooled.map((brightness, i) => Math.max(brightness, this.gray[frame[i]]));
    return this.shrunk();
  }
  shrunk(): Uint8Array {
    const [height, width] = this.size;
    const resize = new AreaResize(WIDTH, HEIGHT, width, height);
    for (let y = 0; y < HEIGHT; y++) {
      resize.setRow(y, Float32Array.from(this.pooled.subarray(y * WIDTH, (y + 1) * WIDTH)));
    }
    const out = new Uint8Array(height * width);
    resize.finish(out, 'nearest');
    return out;
  }
}

describe('FramePool', () => {
  // In WebAssembly, and of a width that is not.
  it.each([[84, 84] as const, [84, 50] as const])('shows what a plain pool of %i by %i shows', (height, width) => {
    const random = new Generator(4);
    const palette = Uint8Array.from(random.integersArray(0, 256, 3 * 256));
    const gray = Uint8Array.from({ length: 256 }, (_, i) =>
      Math.round(palette[3 * i] * 0.2989 + palette[3 * i + 1] * 0.587 + palette[3 * i + 2] * 0.114),
    );
    const size = [height, width] as const;
    const [pool, plain] = [new FramePool(palette, [HEIGHT, WIDTH], size, 1), new PlainPool(gray, size)];
    const out = new Uint8Array(height * width);
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
      pool.keepFirst(first);
      pool.pair(second, out);
      expect(out).toEqual(plain.show(first, second));
    };
    pool.single(next(), out);
    expect(out).toEqual(plain.show(frame));
    for (let round = 0; round < 3; round++) {
      pair();
      pair();
      // A step that ends on its last frame but one, and one that ends before.
      const first = next();
      pool.keepFirst(first);
      pool.cutShort(out);
      expect(out).toEqual(plain.add(first));
      pool.cutShort(out);
      expect(out).toEqual(plain.shrunk());
      pool.single(next(), out);
      expect(out).toEqual(plain.show(frame));
      pair();
      pool.cutShort(out);
      expect(out).toEqual(plain.shrunk());
      pair();
      // As if in another program.
      const other = new FramePool(palette, [HEIGHT, WIDTH], size, 1);
      const restored = new Uint8Array(out.length);
      other.restore(pool.save(), restored);
      expect(restored).toEqual(plain.shrunk());
      pool.restore(pool.save(), out);
      expect(out).toEqual(plain.shrunk());
      const last = next();
      for (const one of [pool, other]) one.keepFirst(last);
      pool.cutShort(out);
      other.cutShort(restored);
      expect(out).toEqual(plain.add(last));
      expect(restored).toEqual(out);
    }
  });
});

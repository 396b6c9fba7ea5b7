import { describe, expect, it, vi } from 'vitest';
import { Generator } from '../../core/random/index.ts';
import { AreaResize } from '../area-resize.ts';
import { PairShrink, type PairShrinkSizes } from './pair-shrink.ts';

const sizesOf = (outWidth: number, outHeight: number, rows = outHeight, cropTop = 0): PairShrinkSizes => ({
  width: 160,
  height: 210,
  outWidth,
  outHeight,
  rows,
  cropTop,
});

/** Whether each array has the bytes of its counterpart. */
const same =
  (...expected: readonly Uint8Array[]) =>
  (array: Uint8Array, i: number): boolean =>
    Buffer.compare(array, expected[i]) === 0;

describe('PairShrink', () => {
  it.each([
    ['nearest', sizesOf(84, 84)],
    ['down', sizesOf(84, 110, 84, 18)],
    ['nearest', sizesOf(64, 50)],
    ['nearest', { ...sizesOf(84, 84), height: 250 }],
    ['down', sizesOf(42, 55, 42, 9)],
    ['nearest', sizesOf(81, 7)],
    ['nearest', sizesOf(80, 105)],
    ['nearest', sizesOf(80, 70)],
    ['nearest', sizesOf(16, 35)],
    ['nearest', sizesOf(160, 210)],
    // The longest rows, the most pixels, and the most weights that fit.
    ['nearest', { ...sizesOf(84, 84), width: 256, height: 160 }],
    ['nearest', { ...sizesOf(160, 256), height: 256 }],
    ['nearest', { ...sizesOf(16, 1020), width: 16, height: 1020 }],
    ['down', { ...sizesOf(5, 16), width: 16, height: 1024 }],
  ] as const)('is AreaResize to the last bit, rounding %s: %o', (rounding, sizes) => {
    const random = new Generator(0);
    const bytes = (n: number): Uint8Array => Uint8Array.from(random.integersArray(0, 256, n));
    // Fractions, so that both roundings have something to do.
    const brightness = Float32Array.from({ length: 65536 }, () => random.random() * 255);
    const { width, height, outWidth, outHeight, rows, cropTop } = sizes;
    const reference = new AreaResize(width, height, outWidth, outHeight);
    const expected = new Uint8Array(rows * outWidth);
    expect(PairShrink.fits(sizes)).toBe(true);
    const pairs = new PairShrink(sizes, brightness, rounding);
    const out = new Uint8Array(rows * outWidth);
    const first = bytes(width * height);
    const second = bytes(width * height);
    for (let round = 0; round < 6; round++) {
      for (let y = 0; y < height; y++) {
        const line = new Float32Array(width);
        for (let x = 0; x < width; x++) line[x] = brightness[first[y * width + x] * 256 + second[y * width + x]];
        reference.setRow(y, line);
      }
      reference.finish(expected, rounding, cropTop);
      if (round === 2) pairs.nextFirst.set(first);
      pairs.shrink(round === 2 ? pairs.nextFirst : first, second, out, round > 0);
      // `toEqual` takes seconds for so many bytes.
      const { latest } = pairs;
      expect([out, latest.first, latest.second].map(same(expected, first, second))).toEqual([true, true, true]);
      // A few rows change.
      first.set(bytes(width), width * 7 * round);
      second[width * (height - 1) + 33] ^= 1;
      // Rows that repeat the one above, of one colour, and that are the same in both frames.
      first.copyWithin(width * 20, width * 19, width * (20 + round));
      second.copyWithin(width * 20, width * 19, width * 20);
      for (const frame of [first, second]) {
        frame.copyWithin(width * 40, width * (39 + round), width * (40 + round));
        frame.copyWithin(width * 41, width * 40, width * 43);
        frame.fill(round, width * 50, width * (50 + 3 * round) + 8);
      }
      second.set(first.subarray(width * 70, width * (71 + round)), width * 70);
    }
  });

  it.each([
    ['longer rows', { width: 272, height: 84 }],
    ['more pixels', { width: 160, height: 257 }],
    ['rows of no whole sixteen pixels', { width: 150 }],
    ['more cells than weights have room for', { width: 16, height: 1021, outWidth: 16, outHeight: 1021 }],
    ['rows that the result does not have', { cropTop: 1 }],
    ['more weights', { width: 16, height: 1025, outWidth: 16, outHeight: 16 }],
  ])('leaves %s to AreaResize', (_, sizes) => {
    expect(PairShrink.fits({ ...sizesOf(84, 84), ...sizes })).toBe(false);
  });

  it('does without WebAssembly where nothing may be compiled, and tries that once', async () => {
    const compile = vi.spyOn(WebAssembly, 'Module').mockImplementation(() => {
      throw new WebAssembly.CompileError('refused');
    });
    try {
      // Another one, which has compiled nothing yet.
      // @ts-expect-error TypeScript knows no queries.
      const { PairShrink: Fresh } = (await import('./pair-shrink.ts?fresh')) as { PairShrink: typeof PairShrink };
      expect([Fresh.fits(sizesOf(84, 84)), Fresh.fits(sizesOf(42, 42))]).toEqual([false, false]);
      expect(() => new Fresh(sizesOf(84, 84), new Float32Array(65536), 'nearest')).toThrow(/ask fits first/);
      expect(compile).toHaveBeenCalledTimes(1);
    } finally {
      compile.mockRestore();
    }
  });
});

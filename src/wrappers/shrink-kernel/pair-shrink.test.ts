import { describe, expect, it } from 'vitest';
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

describe('PairShrink', () => {
  it.each([
    ['nearest', sizesOf(84, 84)],
    ['down', sizesOf(84, 110, 84, 18)],
    ['nearest', sizesOf(64, 50)],
    ['nearest', { ...sizesOf(84, 84), height: 250 }],
  ] as const)('is AreaResize to the last bit, rounding %s: %o', (rounding, sizes) => {
    const random = new Generator(0);
    const bytes = (n: number): Uint8Array => Uint8Array.from(random.integersArray(0, 256, n));
    // Fractions, so that both roundings have something to do.
    const brightness = Float32Array.from({ length: 65536 }, () => random.random() * 255);
    const { width, height, outWidth, outHeight, rows, cropTop } = sizes;
    const reference = new AreaResize(width, height, outWidth, outHeight);
    const expected = new Uint8Array(rows * outWidth);
    const pairs = new PairShrink(sizes, brightness, rounding);
    const out = new Uint8Array(rows * outWidth);
    const first = bytes(width * height);
    const second = bytes(width * height);
    for (let round = 0; round < 4; round++) {
      for (let y = 0; y < height; y++) {
        const line = new Float32Array(width);
        for (let x = 0; x < width; x++) line[x] = brightness[first[y * width + x] * 256 + second[y * width + x]];
        reference.setRow(y, line);
      }
      reference.finish(expected, rounding, cropTop);
      pairs.shrink(first, second, out, round > 0);
      expect(out).toEqual(expected);
      // A few rows change.
      first.set(bytes(width), width * 7 * round);
      second[width * (height - 1) + 33] ^= 1;
    }
  });

  it('leaves exact halves, which round otherwise, and odd widths to AreaResize', () => {
    expect(PairShrink.fits(sizesOf(84, 84))).toBe(true);
    expect(PairShrink.fits(sizesOf(80, 105))).toBe(false);
    expect(PairShrink.fits(sizesOf(42, 42))).toBe(false);
    expect(PairShrink.fits({ ...sizesOf(84, 84), width: 150 })).toBe(false);
  });
});

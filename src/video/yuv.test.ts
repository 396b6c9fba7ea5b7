import { expect, it } from 'vitest';
import { rgbaToYuv420 } from './yuv.ts';

/** Rec. ITU-R BT.601-7, section 2.5: Y' = 219 E'Y + 16, C = 224 E'C + 128, in whole numbers. */
function bt601([r, g, b]: readonly number[]): number[] {
  const luma = (0.299 * r + 0.587 * g + 0.114 * b) / 255;
  return [16 + 219 * luma, 128 + (224 * (b / 255 - luma)) / 1.772, 128 + (224 * (r / 255 - luma)) / 1.402];
}

const convert = (pixels: readonly (readonly number[])[], width: number, height: number) => {
  const out = new Uint8Array((width * height * 3) / 2);
  rgbaToYuv420(Uint8Array.from(pixels.flatMap((pixel) => [...pixel, 7])), { width, height }, out);
  return [...out];
};

it.each([
  { name: 'black', rgb: [0, 0, 0], yuv: [16, 128, 128] },
  { name: 'white', rgb: [255, 255, 255], yuv: [235, 128, 128] },
  { name: 'red', rgb: [255, 0, 0], yuv: [81, 90, 240] },
  { name: 'green', rgb: [0, 255, 0], yuv: [145, 54, 34] },
  { name: 'blue', rgb: [0, 0, 255], yuv: [41, 240, 110] },
])('$name is what studios write for it', ({ rgb, yuv: [y, u, v] }) => {
  const converted = convert(Array(4).fill(rgb), 2, 2);
  for (const [i, value] of [y, y, y, y, u, v].entries()) expect(Math.abs(converted[i] - value)).toBeLessThanOrEqual(1);
});

it('every colour is within two of what BT.601 says', () => {
  const out = new Uint8Array(6);
  let furthest = 0;
  for (let colour = 0; colour < 2 ** 24; colour += 499) {
    const rgb = [colour & 255, (colour >> 8) & 255, colour >> 16];
    rgbaToYuv420(Uint8Array.from([0, 1, 2, 3].flatMap(() => [...rgb, 7])), { width: 2, height: 2 }, out);
    const [y, u, v] = bt601(rgb);
    for (const [i, value] of [y, y, y, y, u, v].entries()) furthest = Math.max(furthest, Math.abs(out[i] - value));
  }
  expect(furthest).toBeLessThan(2);
});

it('lies plane by plane, luma of each pixel, chroma of the mean of four', () => {
  const gray = (value: number) => [value, value, value];
  // 4 x 2: left four pixels red and blue by turns, right four gray.
  const [red, blue] = [
    [200, 0, 0],
    [0, 0, 200],
  ];
  const [y0, ys] = [convert(Array(4).fill(red), 2, 2)[0], convert(Array(4).fill(blue), 2, 2)[0]];
  const out = convert([red, blue, gray(10), gray(20), blue, red, gray(30), gray(40)], 4, 2);
  const grays = [10, 20, 30, 40].map((value) => Math.round(16 + (219 * value) / 255));
  expect(out.slice(0, 8)).toEqual([y0, ys, grays[0], grays[1], ys, y0, grays[2], grays[3]]);
  const [, u, v] = bt601([100, 0, 100]);
  expect(Math.abs(out[8] - u)).toBeLessThan(2);
  expect([out[9], out[11]]).toEqual([128, 128]);
  expect(Math.abs(out[10] - v)).toBeLessThan(2);
});

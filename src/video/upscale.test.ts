import { expect, it } from 'vitest';
import { scaledLength, upscale } from './upscale.ts';

it.each([
  { width: 3, height: 2, scale: { x: 1, y: 1 } },
  { width: 3, height: 3, scale: { x: 1, y: 1 } },
  { width: 3, height: 5, scale: { x: 2, y: 1 } },
  { width: 5, height: 3, scale: { x: 3, y: 3 } },
])('a picture of $width x $height is repeated $scale times; a row or column that is missing repeats the last', (how) => {
  const { width, height, scale } = how;
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 37 + 200) & 255);
  const [outWidth, outHeight] = [scaledLength(width, scale.x), scaledLength(height, scale.y)];
  const out = new Uint8Array(4 * outWidth * outHeight).fill(9);
  upscale({ width, height, data }, scale, out);
  const expected: number[] = [];
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const column = Math.min(Math.floor(x / scale.x), width - 1);
      const row = Math.min(Math.floor(y / scale.y), height - 1);
      expected.push(...data.subarray(3 * (row * width + column), 3 * (row * width + column) + 3), 255);
    }
  }
  expect([...out]).toEqual(expected);
});

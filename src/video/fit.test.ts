import { describe, expect, it } from 'vitest';
import { fitInto } from './fit.ts';

/** Gray values of a picture fitted into width x height. */
function fitted(gray: readonly number[], from: readonly [number, number], to: readonly [number, number], aspect = 1) {
  const data = Uint8Array.from(gray.flatMap((value) => [value, value, value]));
  const out = new Uint8Array(to[0] * to[1] * 4).fill(9);
  fitInto({ width: from[0], height: from[1], data }, aspect, { width: to[0], height: to[1] }, out);
  const pixels = Array.from({ length: to[0] * to[1] }, (_, i) => [...out.subarray(4 * i, 4 * i + 4)]);
  for (const [red, green, blue, alpha] of pixels) expect([green, blue, alpha]).toEqual([red, red, 255]);
  return pixels.map(([red]) => red);
}

describe('a picture fitted into a size', () => {
  it.each([
    { name: 'is itself in its own size', gray: [1, 2, 3, 4], from: [2, 2], to: [2, 2], out: [1, 2, 3, 4] },
    { name: 'repeats pixels', gray: [10, 20], from: [2, 1], to: [4, 2], out: [10, 10, 20, 20, 10, 10, 20, 20] },
    { name: 'averages pixels', gray: [10, 20, 30, 40], from: [2, 2], to: [1, 1], out: [25] },
    { name: 'shares pixels', gray: [0, 30, 60], from: [3, 1], to: [2, 1], out: [10, 50] },
    { name: 'has black at the sides', gray: [7], from: [1, 1], to: [3, 1], out: [0, 7, 0] },
    { name: 'has black above and below', gray: [7], from: [1, 1], to: [1, 3], out: [0, 7, 0] },
  ] as const)('$name', ({ gray, from, to, out }) => {
    expect(fitted(gray, from, to)).toEqual(out);
  });

  it('has pixels that are wider than high', () => {
    expect(fitted([10, 20], [1, 2], [2, 2], 2)).toEqual([10, 10, 20, 20]);
  });
});

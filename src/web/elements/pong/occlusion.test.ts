import { describe, expect, it } from 'vitest';
import { Occlusion } from './occlusion.ts';

/** Two pictures of 6x6, background 87. */
const picture = (marks: readonly (readonly [picture: number, row: number, column: number, value: number])[]) => {
  const bytes = new Uint8Array(72).fill(87);
  for (const [p, row, column, value] of marks) bytes[p * 36 + row * 6 + column] = value;
  return bytes;
};

/** Values that are sums of weighted pixels: what covering does to them is known. */
const valuesOf = (bytes: Uint8Array): Float32Array =>
  Float32Array.of(
    bytes.reduce((sum, v, i) => sum + (v - 87) * (i < 36 ? 1 : 2), 0),
    0,
  );

function mapOf(
  occlusion: Occlusion,
  bytes: Uint8Array,
  rows: number,
): { readonly map: number[]; readonly tried: number } {
  occlusion.begin(bytes, valuesOf(bytes));
  let tried = 0;
  while (!occlusion.done) {
    const out = new Uint8Array(rows * 72);
    const parts = occlusion.cover(out);
    tried += parts.length;
    occlusion.judge(
      parts,
      Float32Array.from(parts.flatMap((_, row) => [...valuesOf(out.subarray(row * 72, (row + 1) * 72))])),
    );
  }
  expect(occlusion.tried).toEqual(bytes);
  return { map: [...occlusion.map], tried };
}

describe('Occlusion', () => {
  it.each([
    1, 2, 4,
  ])('tries the parts with something in them, and says what each is worth; %i rows at a time', (rows) => {
    const occlusion = new Occlusion(2, 6, 3);
    const bytes = picture([
      [0, 0, 0, 97],
      [1, 1, 2, 90],
      [1, 5, 5, 82],
    ]);
    // 10 x 1 + 3 x 2 in the first part, -5 x 2 in the last.
    expect(mapOf(occlusion, bytes, rows)).toEqual({ map: [16, 0, 0, 10], tried: 2 });
    expect(mapOf(occlusion, picture([[0, 1, 4, 88]]), rows)).toEqual({ map: [0, 1, 0, 0], tried: 1 });
    expect(mapOf(occlusion, picture([]), rows)).toEqual({ map: [0, 0, 0, 0], tried: 0 });
  });

  it('has smaller parts at the edges where the side is no multiple', () => {
    const occlusion = new Occlusion(2, 6, 4);
    expect(occlusion.count).toBe(2);
    expect(mapOf(occlusion, picture([[0, 5, 5, 88]]), 2)).toEqual({ map: [0, 0, 0, 1], tried: 1 });
  });

  it('has a background for each row: walls are none of what is tried', () => {
    const occlusion = new Occlusion(2, 6, 3);
    const bytes = picture([]);
    for (const start of [30, 66]) bytes.fill(236, start, start + 6);
    expect(mapOf(occlusion, bytes, 4)).toMatchObject({ tried: 0 });
    bytes[31] = 90;
    expect(mapOf(occlusion, bytes, 4)).toEqual({ map: [0, 0, 146, 0], tried: 1 });
  });

  it('leaves out the pictures of zeros before the first', () => {
    const occlusion = new Occlusion(2, 6, 3);
    const bytes = picture([[1, 0, 0, 97]]);
    bytes.fill(0, 0, 36);
    expect(mapOf(occlusion, bytes, 4)).toMatchObject({ tried: 1 });
  });
});

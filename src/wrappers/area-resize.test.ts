import { describe, expect, it } from 'vitest';
import { OptionError } from '../core/errors.ts';
import { AreaResize, areaWeights } from './area-resize.ts';

describe('areaWeights', () => {
  it('of 5 cells over 2: each output cell covers two and a half', () => {
    const { start, source, weight } = areaWeights(5, 2);
    expect([...start]).toEqual([0, 3, 6]);
    expect([...source]).toEqual([0, 1, 2, 2, 3, 4]);
    expect([...weight].map((w) => Math.round(w * 1e6) / 1e6)).toEqual([0.4, 0.4, 0.2, 0.2, 0.4, 0.4]);
  });

  it.each([
    [160, 84],
    [210, 84],
    [210, 110],
    [53, 20],
    [84, 84],
  ])('of %i over %i: shares of an output cell sum to 1, and together use each input cell alike', (from, to) => {
    const { start, source, weight } = areaWeights(from, to);
    const used = new Float64Array(from);
    for (let cell = 0; cell < to; cell++) {
      let sum = 0;
      for (let entry = start[cell]; entry < start[cell + 1]; entry++) {
        sum += weight[entry];
        used[source[entry]] += weight[entry];
      }
      expect(sum).toBeCloseTo(1, 5);
    }
    for (const share of used) expect(share).toBeCloseTo(to / from, 2);
  });

  it.each([0, 6, 2.5])('refuses %d cells out of 5', (to) => {
    expect(() => areaWeights(5, to)).toThrow(OptionError);
  });
});

describe('AreaResize', () => {
  it('averages areas, and writes only rows that changed', () => {
    const resize = new AreaResize(4, 4, 2, 2);
    for (let y = 0; y < 4; y++) resize.setRow(y, Float32Array.of(y, y + 1, 10 * y, 10 * y + 2));
    const out = new Uint8Array(4);
    resize.finish(out, 'nearest');
    expect([...out]).toEqual([1, 6, 3, 26]);
    out.fill(99);
    resize.setRow(3, Float32Array.of(0, 0, 0, 0));
    resize.finish(out, 'nearest');
    // Rows 2 and 3 are now 2, 3, 20, 22 and zeros: means 1.25 and 10.5, the latter rounded up.
    expect([...out]).toEqual([99, 99, 1, 11]);
  });

  it('rounds ties to even except for exact halves, and down when told', () => {
    const resize = new AreaResize(4, 1, 2, 1);
    resize.setRow(0, Float32Array.of(0, 1, 3, 4));
    const out = new Uint8Array(2);
    resize.finish(out, 'nearest');
    expect([...out]).toEqual([0, 4]);
    resize.setRow(0, Float32Array.of(0, 1, 3, 4));
    resize.finish(out, 'down');
    expect([...out]).toEqual([0, 3]);
  });
});

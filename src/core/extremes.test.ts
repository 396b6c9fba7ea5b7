import { describe, expect, it } from 'vitest';
import { largest, smallest } from './extremes.ts';

describe('smallest and largest', () => {
  it.each([
    [[3, -1, 2], -1, 3],
    [[5], 5, 5],
    [[-7, -2], -7, -2],
    [[], Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [[1, Number.NaN, 2], Number.NaN, Number.NaN],
  ])('of %j are %d and %d', (values, low, high) => {
    expect(smallest(values)).toBe(low);
    expect(largest(values)).toBe(high);
  });

  it('take a million values', () => {
    const values = Float64Array.from({ length: 1_000_000 }, (_, i) => (i * 7) % 1_000_003);
    expect(smallest(values)).toBe(0);
    expect(largest(values)).toBe(1_000_002);
  });
});

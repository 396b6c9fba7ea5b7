import { describe, expect, it } from 'vitest';
import { interpolate, linearDecay } from './schedules.ts';

describe('linearDecay', () => {
  it.each([
    [1, 1, 0.02, 100_000, 1 - 1e-5],
    [50_000, 1, 0.02, 100_000, 0.5],
    [98_000, 1, 0.02, 100_000, 0.02],
    [500_000, 1, 0.02, 100_000, 0.02],
    [75_000, 1, 0.01, 150_000, 0.5],
    [7, 1, 0.05, 0, 0.05],
  ])('at step %i from %d to %d over %i steps is %d', (step, start, final, steps, expected) => {
    expect(linearDecay(start, final, steps, step)).toBeCloseTo(expected, 12);
  });
});

describe('interpolate', () => {
  it.each([
    [0, 2e-4],
    [500, 1.5e-4],
    [1000, 1e-4],
    [9000, 1e-4],
  ])('at step %i is %d', (step, expected) => {
    expect(interpolate(2e-4, 1e-4, 1000, step)).toBeCloseTo(expected, 15);
  });
  it('is constant without a decay', () => {
    expect(interpolate(3, 1, 0, 10)).toBe(3);
  });
});

import { describe, expect, it } from 'vitest';
import { epsilonAt, interpolate, learningRateAt, linearDecay } from './schedules.ts';

describe('linearDecay', () => {
  it.each([
    [1, 1, 0.02, 100_000, 1 - 1e-5],
    [50_000, 1, 0.02, 100_000, 0.5],
    [98_000, 1, 0.02, 100_000, 0.02],
    [500_000, 1, 0.02, 100_000, 0.02],
    [75_000, 1, 0.01, 150_000, 0.5],
    [7, 1, 0.05, 0, 0.05],
    [7, 1, 0.05, -1, 0.05],
    // Upwards it rises by 1 over the steps, and ends at the final value.
    [25, 0.25, 1, 100, 0.5],
    [50, 0, 0.3, 100, 0.3],
    // Nowhere to go.
    [50, 0.1, 0.1, 100, 0.1],
  ])('at step %i from %d to %d over %i steps is %d', (step, start, final, steps, expected) => {
    expect(linearDecay(start, final, steps, step)).toBeCloseTo(expected, 12);
  });
  it('is the schedule of epsilon', () => {
    expect(epsilonAt({ epsilonStart: 1, epsilonFinal: 0.1, epsilonDecaySteps: 200 }, 50)).toBe(0.75);
    expect(epsilonAt({ epsilonStart: 1, epsilonFinal: 0.1, epsilonDecaySteps: 200 }, 190)).toBe(0.1);
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
  it('is at its end from the first step on over 0 steps, as every schedule is', () => {
    expect([0, 10].map((step) => interpolate(3, 1, 0, step))).toEqual([1, 1]);
    expect([1, 10].map((step) => linearDecay(1, 0.1, 0, step))).toEqual([0.1, 0.1]);
  });
  it('is the schedule of the learning rate', () => {
    const schedule = { learningRate: 8, learningRateFinal: 4, learningRateDecaySteps: 100 };
    expect([0, 25, 100, 101].map((step) => learningRateAt(schedule, step))).toEqual([8, 7, 4, 4]);
  });
});

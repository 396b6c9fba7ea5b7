import { expect, it } from 'vitest';
import { EpisodeCurve } from './episode-curve.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

it('has a point for each episode, then for each two, and the mean of the last ones', () => {
  const curve = new EpisodeCurve(3, 4);
  expect(curve.mean).toBeNaN();
  const returns = [5, 1, 3, 9, 2, 4, 6, 8, 10];
  const seen: (readonly number[])[] = [];
  returns.forEach((value, i) => {
    curve.push(value);
    expect(curve.mean).toBeCloseTo(mean(returns.slice(Math.max(0, i - 2), i + 1)), 12);
    seen.push([...curve.returns]);
  });
  expect(curve.count).toBe(9);
  expect(seen[2]).toEqual([5, 1, 3]);
  expect(seen[3]).toEqual([3, 6]);
  expect(seen[5]).toEqual([3, 6, 3]);
  // Full again after eight: four episodes a point.
  expect(seen[8]).toEqual([4.5, 5]);
  expect(curve.perPoint).toBe(4);
  expect(curve.means[1]).toBeCloseTo(mean([4, 6, 8]), 12);
});

import { describe, expect, it } from 'vitest';
import { bandAt, commonPlaces, halfEnded, type Spread, type TypedSeries } from './seed-band.ts';
import { exponentialMeans } from './smoothing.ts';

const run = (x: number[], y: number[]): TypedSeries => ({ x: Float64Array.from(x), y: Float64Array.from(y) });
/** Values at one place of runs that each have a single point there. */
const at = (values: number[], spread: Spread): number[] => {
  const { middle, low, high } = bandAt(
    values.map((value) => run([0], [value])),
    Float64Array.of(0),
    spread,
  );
  return [middle[0], low[0], high[0]];
};

describe('bandAt', () => {
  it('knows the spreads of five seeds by hand', () => {
    const values = [4, 1, 3, 10, 2];
    expect(at(values, 'none')).toEqual([4, 4, 4]);
    expect(at(values, 'range')).toEqual([4, 1, 10]);
    expect(at(values, 'quartiles')).toEqual([3, 2, 4]);
    // Squares of the differences from 4: 0, 9, 1, 36, 4; a fourth of their sum is 12.5.
    const [, low, high] = at(values, 'std');
    expect([low, high]).toEqual([1, 4 + Math.sqrt(12.5)]);
    // Student's t for four degrees of freedom: 2.7764. The lower end, -0.39, is below all seeds.
    const [, ciLow, ciHigh] = at(values, 'ci');
    expect(ciLow).toBe(1);
    expect(ciHigh).toBeCloseTo(4 + 2.7764451 * Math.sqrt(12.5 / 5), 6);
  });
  it('takes quartiles between two seeds as NumPy does', () => {
    // numpy.percentile([1, 2, 4, 8], [25, 50, 75]) is 1.75, 3, 5.
    expect(at([8, 1, 4, 2], 'quartiles')).toEqual([3, 1.75, 5]);
  });
  it('goes along each run: straight between points, flat beyond its ends, the later of two at one place', () => {
    const runs = [run([0, 10, 20], [0, 10, 40]), run([5, 5, 10], [100, 2, 12])];
    const { middle } = bandAt(runs, Float64Array.of(5, 7.5, 10, 15, 20, 30), 'none');
    expect(Array.from(middle, (value) => 2 * value)).toEqual([5 + 2, 7.5 + 7, 10 + 12, 25 + 12, 40 + 12, 40 + 12]);
  });
  it('is a line alone for one seed', () => {
    expect(at([7], 'ci')).toEqual([7, 7, 7]);
    expect(at([7], 'std')).toEqual([7, 7, 7]);
  });
});

describe('commonPlaces', () => {
  const long = (n: number) =>
    run(
      Array.from({ length: n }, (_, i) => i),
      new Array(n).fill(0),
    );
  it('are all places where a run has a point, once each, from where the last one begins', () => {
    const runs = [run([0, 10, 20], [0, 0, 0]), run([5, 10, 15], [0, 0, 0])];
    expect(Array.from(commonPlaces(runs, 100))).toEqual([5, 10, 15, 20]);
  });
  it('stay few, keep the ends and the same places when points are added', () => {
    const places = commonPlaces([long(1000), long(1001)], 500);
    expect(places.length).toBeLessThanOrEqual(505);
    expect([places[0], places[1], places.at(-1)]).toEqual([0, 8, 1000]);
    const more = commonPlaces([long(1000), long(1004)], 500);
    expect(Array.from(places.subarray(0, 125))).toEqual(Array.from(more.subarray(0, 125)));
  });
  it('of seeds that were tested at the same places are not doubled', () => {
    expect(commonPlaces([long(1000), long(1000), long(1000)], 1000)).toHaveLength(1000);
  });
  it('of runs that never overlap are where the last begins', () => {
    expect(Array.from(commonPlaces([run([0, 1], [0, 0]), run([5], [0])], 10))).toEqual([5]);
  });
});

it('halfEnded is where half of the runs are still under way', () => {
  const until = (end: number) => run([0, end], [0, 0]);
  expect(halfEnded([until(10), until(20), until(30)])).toBe(20);
  expect(halfEnded([until(10), until(20), until(30), until(40)])).toBe(30);
});

describe('exponentialMeans', () => {
  it('are weighted means of all values so far, the last one heaviest', () => {
    const y = [3, -1, 4, 1, 5];
    const means = exponentialMeans(y, 0.6);
    y.forEach((_, i) => {
      const weights = y.slice(0, i + 1).map((_, k) => 0.6 ** (i - k));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const expected = weights.reduce((sum, weight, k) => sum + weight * y[k], 0) / total;
      expect(means[i]).toBeCloseTo(expected, 12);
    });
  });
  it('change nothing with weight 0, nor a constant', () => {
    expect(Array.from(exponentialMeans([3, 1, 2], 0))).toEqual([3, 1, 2]);
    for (const mean of exponentialMeans(new Array(500).fill(7), 0.99)) expect(mean).toBeCloseTo(7, 9);
  });
});

import { describe, expect, it } from 'vitest';
import { OptionError } from '../core/errors.ts';
import { quantile } from './quantile.ts';
import { studentT975, summarize } from './summary.ts';

describe('studentT975', () => {
  // Table values of Student's distribution, as printed in statistics textbooks and by scipy.stats.t.ppf(0.975, n).
  it.each([
    [1, 12.706205],
    [5, 2.570582],
    [6, 2.446912],
    [9, 2.262157],
    [19, 2.093024],
    [29, 2.04523],
    [99, 1.984217],
    [1000, 1.962339],
  ])('has %d degrees of freedom at %d', (degrees, value) => {
    expect(studentT975(degrees)).toBeCloseTo(value, 3);
  });
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('has none of %d', (degrees) => {
    expect(() => studentT975(degrees)).toThrow(OptionError);
  });
});

describe('summarize', () => {
  it('takes more values than a call takes arguments', () => {
    const values = Array.from({ length: 200_000 }, (_, i) => i);
    expect(summarize(values)).toMatchObject({ n: 200_000, mean: 99_999.5, min: 0, max: 199_999 });
  });

  it('gives the textbook interval', () => {
    // mean 3, variance 2.5, standard error sqrt(0.5), t(4) = 2.7764
    const s = summarize([1, 2, 3, 4, 5]);
    expect(s).toMatchObject({ n: 5, mean: 3, min: 1, max: 5 });
    expect(s.std).toBeCloseTo(Math.sqrt(2.5), 12);
    expect(s.halfWidth95).toBeCloseTo(2.7764451 * Math.sqrt(0.5), 6);
  });
  it('has none of nothing', () => {
    expect(() => summarize([])).toThrow(new OptionError('values', [], 'at least one number'));
    expect(() => quantile([], 0.5)).toThrow('values: got [], allowed is at least one number.');
    expect(() => quantile([1, 2], 1.5)).toThrow('share: got 1.5, allowed is a number from 0 to 1.');
    expect(() => quantile([1, 2], Number.NaN)).toThrow('share: got NaN');
  });
  it('claims no interval from one value', () => {
    expect(summarize([7])).toEqual({ n: 1, mean: 7, std: 0, halfWidth95: undefined, min: 7, max: 7 });
  });
});

import { describe, expect, it } from 'vitest';
import { contains, countOf, unitOf, valueAt } from './distribution.ts';
import { GridExhaustedError, GridSampler, gridSize } from './grid-sampler.ts';
import { parseDistribution, parseSpace } from './parse-space.ts';
import { RandomSampler } from './random-sampler.ts';
import type { SearchSpace, SettingValue } from './search-space.ts';

const space = parseSpace(['a=0..1', 'b=1e-4..1:log', 'c=1..3:int', 'd=1..8:int:log', 'e=0..1:step=0.1', 'f=x,y,null']);

describe('values of [0, 1)', () => {
  it.each([
    ['-1..1', 0.25, -0.5],
    ['1e-4..1:log', 0.5, 0.01],
    ['1..3:int', 0.33, 1],
    ['1..3:int', 0.34, 2],
    ['1..3:int', 0.999, 3],
    ['10..30:int:step=10', 0.5, 20],
    ['0..1:step=0.1', 0.28, 0.3],
    ['x,y', 0.49, 'x'],
    ['x,y', 0.5, 'y'],
  ] as const)('%s at %d', (text, unit, value) => {
    const found = valueAt(parseDistribution('x', text), unit);
    if (typeof value === 'number') expect(found).toBeCloseTo(value, 12);
    else expect(found).toBe(value);
  });

  it('gives a whole number on a logarithm the share of all that is nearest to it', () => {
    // ln 1.5/0.5 of ln 8.5/0.5.
    const share = Math.log(3) / Math.log(17);
    expect(valueAt(space['d'], share - 1e-9)).toBe(1);
    expect(valueAt(space['d'], share + 1e-9)).toBe(2);
    expect(valueAt(space['d'], 0.9999999)).toBe(8);
  });

  it('leads back', () => {
    for (const range of Object.values(space)) {
      for (const unit of [0, 0.2, 0.5, 0.77, 0.999]) {
        const value = valueAt(range, unit);
        expect(contains(range, value)).toBe(true);
        expect(valueAt(range, unitOf(range, value))).toBe(value);
      }
    }
  });
});

describe('random search', () => {
  const draws = Array.from({ length: 2000 }, (_, number) => new RandomSampler(7).sample(space, [], number));

  it('depends on the seed and the number alone', () => {
    const sampler = new RandomSampler(7);
    sampler.sample(space, [], 5);
    expect(sampler.sample(space, [], 3)).toEqual(draws[3]);
    expect(new RandomSampler(8).sample(space, [], 3)).not.toEqual(draws[3]);
    expect(draws[4]).not.toEqual(draws[3]);
  });

  it('is uniform in each key', () => {
    for (const [key, range] of Object.entries(space)) {
      const values = draws.map((draw) => draw[key]);
      expect(values.every((value) => contains(range, value))).toBe(true);
      const count = countOf(range);
      if (!Number.isFinite(count)) {
        const below = values.filter((value) => unitOf(range, value) < 0.5).length;
        expect(Math.abs(below - 1000)).toBeLessThan(4 * Math.sqrt(500));
      } else if (key !== 'd') {
        const shares = new Map<SettingValue, number>();
        for (const value of values) shares.set(value, (shares.get(value) ?? 0) + 1);
        expect(shares.size).toBe(count);
        for (const n of shares.values()) expect(Math.abs(n - 2000 / count)).toBeLessThan(4 * Math.sqrt(2000 / count));
      }
    }
  });

  it.each([-1, 0.5, Number.NaN])('refuses seed %d', (seed) => {
    expect(() => new RandomSampler(seed)).toThrow('seed');
  });
});

describe('a grid', () => {
  const small = parseSpace(['c=1..3:int', 'e=0..1:step=0.25', 'f=x,y']);
  const all = (grid: GridSampler, of: SearchSpace) =>
    Array.from({ length: gridSize(of) }, (_, number) => JSON.stringify(grid.sample(of, [], number)));

  it('has every point once, in an order of its seed', () => {
    const points = all(new GridSampler(1), small);
    expect(points).toHaveLength(30);
    expect(new Set(points).size).toBe(30);
    expect(all(new GridSampler(1), small)).toEqual(points);
    const others = all(new GridSampler(2), small);
    expect(others).not.toEqual(points);
    expect([...others].sort()).toEqual([...points].sort());
  });

  it('says when it is exhausted', () => {
    expect(() => new GridSampler(1).sample(small, [], 30)).toThrow(GridExhaustedError);
    expect(() => new GridSampler(1).sample(small, [], 30)).toThrow('All 30 points of the grid are tried');
  });

  it('refuses ranges without a step, and more points than anyone tries', () => {
    expect(() => gridSize(space)).toThrow('a: got "a range without a step", allowed is a step');
    expect(() => gridSize(parseSpace(['a=1..2000:int', 'b=1..2000:int']))).toThrow('at most 1000000');
  });
});

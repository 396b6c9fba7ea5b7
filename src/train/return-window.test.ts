import { describe, expect, it } from 'vitest';
import { ReturnWindow } from './return-window.ts';

const windowOf = (size: number, values: readonly number[]) => {
  const window = new ReturnWindow(size);
  for (const value of values) window.add(value);
  return window;
};

describe('ReturnWindow', () => {
  it.each([
    [[], Number.NaN],
    [[4], 4],
    [[4, 5], 4.5],
    [[4, 5, 9], 6],
    [[100, 4, 5, 9], 6],
    [[100, 100, 100, 100, 4, 5, 9], 6],
  ])('has the mean of the last three of %j', (values, mean) => {
    const window = windowOf(3, values);
    expect(window.mean()).toBe(mean);
    expect(window.count).toBe(values.length);
  });

  it('goes on from a saved state, which the window does not change any more', () => {
    const window = windowOf(3, [1, 2, 3, 4]);
    const saved = window.saveState();
    window.add(1000);
    const resumed = windowOf(3, [7]);
    resumed.restoreState(saved);
    expect([resumed.count, resumed.mean()]).toEqual([4, 3]);
    resumed.add(10);
    expect(resumed.mean()).toBe(17 / 3);
  });
});

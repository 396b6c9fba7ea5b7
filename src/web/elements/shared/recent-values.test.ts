import { expect, it } from 'vitest';
import { RecentValues } from './recent-values.ts';

it('has the last values in their order, and none after a clear', () => {
  const recent = new RecentValues(3);
  const seen: number[][] = [];
  for (const value of [1, 2, 3, 4, 5]) {
    recent.push(value);
    seen.push([...recent.values()]);
  }
  expect(seen).toEqual([[1], [1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]]);
  recent.clear();
  expect([...recent.values()]).toEqual([]);
});

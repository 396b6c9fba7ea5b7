import { expect, it } from 'vitest';
import { frozenLakeGrid } from '../../../envs/toy-text/frozen-lake.grid.ts';
import { powerText } from './curve-drawing.ts';
import { cellText, countText, describeCell, tiedActions } from './grid-drawing.ts';
import { errorText } from './lake-panel.ts';

it('finds all actions that tie, but for all', () => {
  const q = Float64Array.of(0, 0, 0, 0, 1, 2, 2, 0, -5, -5, -5, -5 + 1e-12);
  expect([0, 1, 2].map((state) => tiedActions(q, 4, state))).toEqual([[], [1, 2], []]);
});

it.each([
  [0.0689, 100, '0.069'],
  [-0.5, 100, '−0.500'],
  [0.0689, 40, '.07'],
  [0.99, 40, '.99'],
  [0.999, 40, '1.0'],
  [-0.88, 40, '−.88'],
  [-12.34, 40, '−12'],
  [-0.001, 40, '0'],
  [0.5, 20, ''],
])('writes %f in a cell of %i as "%s"', (value, size, text) => {
  expect(cellText(value, size)).toBe(text);
});

it('writes counts and powers short', () => {
  expect([0, 999, 1000, 12_345, 3_400_000, 2e9].map(countText)).toEqual(['0', '999', '1.0k', '12k', '3.4M', '2.0G']);
  expect([-12, -1, 0, 2, 5].map(powerText)).toEqual(['10⁻¹²', '0.1', '1', '100', '10⁵']);
  expect([0, 0.0123, 1.5, 3.2e-13].map(errorText)).toEqual(['0', '0.0123', '1.50', '3.2·10⁻¹³']);
});

it('says a cell in words', () => {
  const grid = frozenLakeGrid(['SFH', 'FFG']);
  const values = Float64Array.of(0.5, 0.25, 0, 0, 0, 0);
  const actionValues = new Float64Array(24);
  actionValues.set([0.5, 0, 0.5, 0]);
  const names = ['left', 'down', 'right', 'up'];
  const say = (cell: number) => describeCell({ grid, values, actionValues }, cell, names);
  expect(say(0)).toBe('Row 1, column 1, start, value 0.500, left or right');
  expect(say(1)).toBe('Row 1, column 2, ice, value 0.250, all actions equal');
  expect(say(2)).toBe('Row 1, column 3, hole');
  expect(say(5)).toBe('Row 2, column 3, goal');
});

import { describe, expect, it } from 'vitest';
import { cellAfterKey } from './grid-keys.ts';

describe('cellAfterKey', () => {
  // Cells of 2 rows and 3 columns:  0 1 2 / 3 4 5.
  const grid = { rows: 2, cols: 3 };
  it.each([
    ['ArrowLeft', [0, 0, 1, 3, 3, 4]],
    ['ArrowRight', [1, 2, 2, 4, 5, 5]],
    ['ArrowUp', [0, 1, 2, 0, 1, 2]],
    ['ArrowDown', [3, 4, 5, 3, 4, 5]],
    ['Home', [0, 0, 0, 3, 3, 3]],
    ['End', [2, 2, 2, 5, 5, 5]],
  ])('%s', (key, after) => {
    expect(after.map((_, cell) => cellAfterKey(key, cell, grid))).toEqual(after);
  });

  it('leaves other keys alone', () => {
    expect(['a', 'Enter', 'toString', ''].map((key) => cellAfterKey(key, 4, grid))).toEqual(Array(4).fill(undefined));
  });
});

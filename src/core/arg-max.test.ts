import { expect, it } from 'vitest';
import { argMax } from './arg-max.ts';

it.each<[number[], number | undefined, number | undefined, number]>([
  [[1, 3, 2], undefined, undefined, 1],
  [[3, 1, 2], undefined, undefined, 0],
  [[1, 2, 3], undefined, undefined, 2],
  // The first of equals.
  [[1, 3, 3], undefined, undefined, 1],
  [[-3, -1, -2], undefined, undefined, 1],
  // Within a part, counted from its start.
  [[9, 1, 3, 2, 8], 1, 3, 1],
  [[9, 1, 3, 2, 8], 1, undefined, 3],
  [[9, 1, 3, 2, 8], 2, 1, 0],
])('of %j from %s, %s of them: %i', (values, offset, count, expected) => {
  expect(argMax(values, offset, count)).toBe(expected);
});

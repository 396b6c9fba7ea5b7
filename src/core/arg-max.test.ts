import { expect, it } from 'vitest';
import { argMax, argMaxAllowed } from './arg-max.ts';

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

it.each<[number[], number[], number | undefined, number | undefined, number]>([
  [[1, 3, 2], [1, 0, 1], undefined, undefined, 2],
  [[3, 1, 2], [0, 1, 0], undefined, undefined, 1],
  // The first of equals that are allowed.
  [[3, 3, 3], [0, 1, 1], undefined, undefined, 1],
  [[-3, -1, -2], [1, 0, 1], undefined, undefined, 2],
  // Within a part, counted from its start.
  [[9, 1, 3, 2, 8], [1, 1, 0, 1, 1], 1, 3, 2],
  [[9, 1, 3, 2, 8], [1, 0, 0, 0, 1], 1, undefined, 3],
])('of %j allowed by %j from %s, %s of them: %i', (values, masks, offset, count, expected) => {
  expect(argMaxAllowed(values, Uint8Array.from(masks), offset, count)).toBe(expected);
});

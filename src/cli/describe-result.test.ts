import { expect, it } from 'vitest';
import { taxiGrids } from '../envs/toy-text/taxi.grid.ts';
import { layOut, renderPolicies } from '../tabular/index.ts';
import { gridsPerLine } from './describe-result.ts';

it.each([
  [200, 4],
  [80, 3],
  [50, 2],
  [20, 1],
])('in a terminal of %i columns, %i pictures of the taxi stand next to each other', (columns, expected) => {
  const grids = layOut(taxiGrids(), new Float64Array(500), new Int32Array(500));
  expect(gridsPerLine(grids, columns)).toBe(expected);
  if (columns < 24) return;
  for (const line of renderPolicies(grids, expected).split('\n')) expect(line.length).toBeLessThan(columns);
});

import type { Cells } from '../core/cells.ts';
import type { Env } from '../core/env.ts';
import { isGridWorld } from '../envs/state-grid.ts';
import { greedyActions, stateValuesOf } from './action-values.ts';
import { type GridDescription, layOut } from './grid.ts';

/**
 * The values and the policy of a table, laid out on the grids of its environment; none for environments that are no grid.
 * @param q [nStates, nActions] row-major. @param masks of the same form, 1 for what is allowed.
 * @throws ShapeError when the table is of another environment.
 */
export function gridsOf(
  env: Env,
  q: Float64Array,
  {
    nActions,
    masks,
    cells,
  }: { readonly nActions: number; readonly masks?: Int8Array | undefined; readonly cells: Cells | null },
): readonly GridDescription[] {
  if (!isGridWorld(env)) return [];
  // Tables begin with zeros, and hardly any value that was learned is exactly 0.
  const learned = Array.from({ length: q.length / nActions }, (_, state) =>
    q.subarray(state * nActions, (state + 1) * nActions).some((value) => value !== 0),
  );
  return layOut(env.stateGrids(cells), stateValuesOf(q, nActions, masks), greedyActions(q, nActions, masks), learned);
}

/** As many next to each other as below each other where that is possible: 9 by threes, 16 by fours. */
export function gridsPerRow(grids: readonly unknown[]): number {
  return Math.min(4, Math.ceil(Math.sqrt(grids.length)));
}

import { OptionError, ShapeError } from '../core/errors.ts';
import type { CellKind, StateGrid } from '../envs/state-grid.ts';

/** A value table with a policy, laid out on a grid of cells, row 0 on top. Cells are numbered row by row. */
export interface GridDescription extends Omit<StateGrid, 'states' | 'nStates'> {
  /** [rows * cols] V of each cell. */
  readonly values: Float64Array;
  /** [rows * cols] action of each cell. */
  readonly policy: Int32Array;
  /** [rows * cols] whether anything was learned there; undefined where all of it was. */
  readonly learned?: readonly boolean[] | undefined;
}

/**
 * Puts a table on the grids of its environment (`env.stateGrids()`).
 * @param values [states] V. @param policy [states] actions. @param learned [states] whether anything was learned there.
 * @throws ShapeError when the table has another number of states than the grids, OptionError for an action without an arrow.
 */
export function layOut(
  grids: readonly StateGrid[],
  values: Float64Array,
  policy: Int32Array,
  learned?: readonly boolean[],
): GridDescription[] {
  return grids.map(({ states, nStates, ...grid }) => {
    if (values.length !== nStates || policy.length !== nStates) {
      const got = `${values.length} values and ${policy.length} actions`;
      throw new ShapeError(`A table of ${nStates} states belongs on these grids, got ${got}.`);
    }
    return checkGrid({
      ...grid,
      values: Float64Array.from(states, (state) => values[state]),
      policy: Int32Array.from(states, (state) => policy[state]),
      learned: learned && Array.from(states, (state) => learned[state]),
    });
  });
}

/** Whether a cell has a value and an action worth showing. */
export function isPlayable(kind: CellKind): boolean {
  return kind !== 'hole' && kind !== 'goal';
}

/** @throws ShapeError when an array of a grid has not one entry for each cell; OptionError for an action without an arrow. */
export function checkGrid(grid: GridDescription): GridDescription {
  const cells = grid.rows * grid.cols;
  for (const key of ['cellKinds', 'values', 'policy', 'learned', 'wallOnRight', 'labels'] as const) {
    const length = grid[key]?.length ?? cells;
    if (length !== cells)
      throw new ShapeError(`grid.${key}: a ${grid.rows}x${grid.cols} grid needs ${cells} entries, got ${length}.`);
  }
  if ((grid.rowLabels?.length ?? grid.rows) !== grid.rows || (grid.colLabels?.length ?? grid.cols) !== grid.cols)
    throw new ShapeError(`grid: ${grid.rows} rows and ${grid.cols} columns need as many labels.`);
  const unknown = grid.policy.find((action) => action < 0 || action >= grid.actionArrows.length);
  if (unknown !== undefined)
    throw new OptionError('grid.policy', unknown, `an action from 0 to ${grid.actionArrows.length - 1}`);
  return grid;
}

/** Smallest and largest value of the playable cells; [0, 0] without any. */
export function valueRange(grids: readonly GridDescription[]): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { cellKinds, values } of grids) {
    cellKinds.forEach((kind, cell) => {
      if (!isPlayable(kind)) return;
      low = Math.min(low, values[cell]);
      high = Math.max(high, values[cell]);
    });
  }
  return low <= high ? [low, high] : [0, 0];
}

/** A value in at most six characters: 0.068, -12.4, 1234. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  const text = value.toFixed(size < 9.9995 ? 3 : size < 99.995 ? 2 : size < 999.95 ? 1 : 0);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

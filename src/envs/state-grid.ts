import type { Cells } from '../core/cells.ts';

/** What a cell of a grid is, for drawing. Values and arrows are shown on floor, start, passenger and destination cells only. */
export type CellKind = 'floor' | 'start' | 'hole' | 'goal' | 'passenger' | 'destination';

/** A layout of states on a grid of cells, row 0 on top. Cells are numbered row by row. */
export interface StateGrid {
  readonly rows: number;
  readonly cols: number;
  /** [rows * cols] */
  readonly cellKinds: readonly CellKind[];
  /** [rows * cols] the state that each cell shows. */
  readonly states: readonly number[];
  /** States of the whole table, of which this grid may show a part. */
  readonly nStates: number;
  /** [actions] one character for each action: an arrow, or a letter for what is not a move. */
  readonly actionArrows: readonly string[];
  /** [rows * cols] whether a wall stands on a cell's right side; undefined for no walls. */
  readonly wallOnRight?: readonly boolean[] | undefined;
  /** [rows * cols] a letter for a landmark, empty elsewhere; undefined for none. */
  readonly labels?: readonly string[] | undefined;
  /** [rows] what a row stands for, written on its left; undefined for none. */
  readonly rowLabels?: readonly string[] | undefined;
  /** [cols] what a column stands for, written below it; undefined for none. */
  readonly colLabels?: readonly string[] | undefined;
  readonly title?: string | undefined;
}

/** An environment that can say how a table of its states is laid out, so that values and policies can be drawn. */
export interface GridWorld {
  /**
   * @param cells into which its observations are divided; null where they are numbered as they are.
   * @returns one grid or several, to be drawn in this order; none where such a table has no layout.
   */
  stateGrids(cells: Cells | null): readonly StateGrid[];
}

export function isGridWorld(env: object): env is GridWorld {
  return typeof (env as Partial<GridWorld>).stateGrids === 'function';
}

import type { CellKind, StateGrid } from '../state-grid.ts';

/** CliffWalking's field, the cliff drawn as holes, and its actions up, right, down, left. */
export function cliffWalkingGrid(rows: number, cols: number): StateGrid {
  const [start, goal] = [(rows - 1) * cols, rows * cols - 1];
  const kindOf = (cell: number): CellKind =>
    cell === start ? 'start' : cell === goal ? 'goal' : cell > start ? 'hole' : 'floor';
  const states = Array.from({ length: rows * cols }, (_, cell) => cell);
  return {
    rows,
    cols,
    cellKinds: states.map(kindOf),
    states,
    nStates: states.length,
    actionArrows: ['↑', '→', '↓', '←'],
  };
}

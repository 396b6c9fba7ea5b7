import type { Cells } from '../../core/cells.ts';
import type { StateGrid } from '../state-grid.ts';

/**
 * CartPole in cells: a map of the pole's angle (downwards) and its angular velocity (to the right), in degrees, for each cell
 * of the cart's position and velocity.
 * @param cells of the four numbers of an observation; other divisions have no layout.
 */
export function cartPoleGrids(cells: Cells): StateGrid[] {
  if (cells.bins.length !== 4) return [];
  const [positions, velocities, rows, cols] = cells.bins;
  /** Middle of a cell, in degrees for angles. */
  const middle = (i: number, cell: number): number =>
    (cells.low[i] + ((cell + 0.5) * (cells.high[i] - cells.low[i])) / cells.bins[i]) * (i < 2 ? 1 : 180 / Math.PI);
  const labels = (i: number): string[] =>
    Array.from({ length: cells.bins[i] }, (_, cell) => middle(i, cell).toFixed(0));
  return Array.from({ length: positions * velocities }, (_, block) => {
    const [position, velocity] = [middle(0, Math.floor(block / velocities)), middle(1, block % velocities)];
    return {
      rows,
      cols,
      cellKinds: Array.from({ length: rows * cols }, () => 'floor' as const),
      states: Array.from({ length: rows * cols }, (_, cell) => block * rows * cols + cell),
      nStates: positions * velocities * rows * cols,
      actionArrows: ['←', '→'],
      rowLabels: labels(2),
      colLabels: labels(3),
      title: `cart at ${position.toFixed(1)} m, ${velocity.toFixed(1)} m/s`,
    };
  });
}

import type { CellKind, StateGrid } from '../state-grid.ts';

const cellKinds: Readonly<Record<string, CellKind>> = { S: 'start', H: 'hole', G: 'goal' };

/** FrozenLake's map, and its actions left, down, right, up.
 * @param desc one string of S, F, H and G for each row. */
export function frozenLakeGrid(desc: readonly string[]): StateGrid {
  const letters = [...desc.join('')];
  return {
    rows: desc.length,
    cols: desc[0].length,
    cellKinds: letters.map((letter) => cellKinds[letter] ?? 'floor'),
    states: letters.map((_, cell) => cell),
    nStates: letters.length,
    actionArrows: ['←', '↓', '→', '↑'],
  };
}

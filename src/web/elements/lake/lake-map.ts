import type { TabularModel } from '../../../envs/tabular-model.ts';

/** What a cell of a lake's map may be. */
export const tiles = ['S', 'F', 'H', 'G'] as const;
export type Tile = (typeof tiles)[number];

export const tileNames: Readonly<Record<Tile, string>> = { S: 'start', F: 'ice', H: 'hole', G: 'goal' };

type LakeMap = readonly string[];

/**
 * A map with another tile in a cell. There is one start, which moves; the last goal stays.
 * @returns the map, or a line that says why not.
 */
export function paint(
  map: LakeMap,
  cell: number,
  tile: Tile,
): { readonly map: LakeMap } | { readonly refused: string } {
  const columns = map[0].length;
  const cells = [...map.join('')];
  const present = cells[cell];
  if (present === tile) return { map };
  if (present === 'S') return { refused: 'The lake needs its start: put it elsewhere to move it.' };
  if (present === 'G' && cells.filter((other) => other === 'G').length === 1)
    return { refused: 'The lake needs a goal: paint another one first.' };
  if (tile === 'S') for (const [i, other] of cells.entries()) if (other === 'S') cells[i] = 'F';
  cells[cell] = tile;
  return { map: rowsOf(cells, columns) };
}

/** A square map of another size: what fits is kept, a start or goal that is lost goes to a corner. */
export function resize(map: LakeMap, size: number): LakeMap {
  const cells = Array.from({ length: size * size }, (_, i) => map[Math.floor(i / size)]?.[i % size] ?? 'F');
  if (!cells.includes('S')) cells[0] = 'S';
  if (!cells.includes('G')) cells[cells[cells.length - 1] === 'S' ? 0 : cells.length - 1] = 'G';
  return rowsOf(cells, size);
}

function rowsOf(cells: readonly string[], columns: number): LakeMap {
  return Array.from({ length: cells.length / columns }, (_, row) =>
    cells.slice(row * columns, (row + 1) * columns).join(''),
  );
}

/** Where an episode can come, by whatever actions or by those of a policy: [nStates] 1 or 0. An end's own state counts.
 * @param policy [nStates] */
export function reachableStates(model: TabularModel, policy?: Int32Array): Uint8Array {
  const reached = new Uint8Array(model.nStates);
  const open: number[] = [];
  const visit = (state: number, goesOn: boolean): void => {
    if (reached[state] === 1) return;
    reached[state] = 1;
    if (goesOn) open.push(state);
  };
  for (const [state, probability] of model.initialStateDistribution.entries()) if (probability > 0) visit(state, true);
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const all = model.transitions[state];
    const actions = policy === undefined ? all : [all[policy[state]]];
    for (const { probability, nextState, terminated } of actions.flat()) {
      if (probability > 0) visit(nextState, !terminated);
    }
  }
  return reached;
}

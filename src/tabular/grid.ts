import { OptionError, ShapeError } from '../core/errors.ts';
import type { Cells } from './config.ts';

/** What a cell of a grid is, for drawing. Values and arrows are shown on floor, start, passenger and destination cells only. */
export type CellKind = 'floor' | 'start' | 'hole' | 'goal' | 'passenger' | 'destination';

/** A value table with a policy, laid out on a grid of cells, row 0 on top. Cells are numbered row by row. */
export interface GridDescription {
  readonly rows: number;
  readonly cols: number;
  /** [rows * cols] */
  readonly cellKinds: readonly CellKind[];
  /** [rows * cols] V of each cell. */
  readonly values: Float64Array;
  /** [rows * cols] action of each cell. */
  readonly policy: Int32Array;
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

/** Arrows of FrozenLake's actions left, down, right, up. */
export const frozenLakeArrows = ['←', '↓', '→', '↑'] as const;

/** Marks of Taxi's actions south, north, east, west, pick up, drop off. */
export const taxiArrows = ['↓', '↑', '→', '←', 'P', 'D'] as const;

const frozenLakeCells: Readonly<Record<string, CellKind>> = { S: 'start', F: 'floor', H: 'hole', G: 'goal' };

/** Lays a FrozenLake table out on its map.
 * @param desc one string of S, F, H and G for each row, as the environment's `desc`.
 * @param values [rows * cols] V. @param policy [rows * cols] actions. Both are kept, not copied.
 * @throws OptionError, ShapeError when the map is not one or does not fit the table. */
export function frozenLakeGrid(
  desc: readonly string[],
  values: Float64Array,
  policy: Int32Array,
  title?: string,
): GridDescription {
  const rows = desc.length;
  const cols = desc[0]?.length ?? 0;
  if (desc.some((row) => row.length !== cols)) throw new ShapeError('desc: all rows must have the same length.');
  const cellKinds = Array.from(desc.join(''), (letter) => {
    const kind = frozenLakeCells[letter];
    if (kind === undefined) throw new OptionError('desc', letter, 'S, F, H and G');
    return kind;
  });
  return checkGrid({ rows, cols, cellKinds, values, policy, actionArrows: frozenLakeArrows, title });
}

const TAXI_SIZE = 5;
const taxiLandmarks = [
  { letter: 'R', cell: 0 },
  { letter: 'G', cell: 4 },
  { letter: 'Y', cell: 20 },
  { letter: 'B', cell: 23 },
] as const;
const IN_TAXI = taxiLandmarks.length;
// The walls of Taxi's map: between columns 1 and 2 on top, 0 and 1 and 2 and 3 below.
const taxiWalls = Array.from({ length: TAXI_SIZE * TAXI_SIZE }, (_, cell) => [1, 6, 15, 17, 20, 22].includes(cell));
const taxiLabels = Array.from(
  { length: TAXI_SIZE * TAXI_SIZE },
  (_, cell) => taxiLandmarks.find((landmark) => landmark.cell === cell)?.letter ?? '',
);

/**
 * Lays a Taxi table out as 5x5 maps of where the taxi is, one for each place of the passenger (R, G, Y, B, in the taxi)
 * and destination: 20 less the 4 whose passenger has arrived. States are numbered ((row * 5 + col) * 5 + passenger) * 4 + destination.
 * @param values [500] V. @param policy [500] actions.
 * @returns row by row: a passenger's place with every destination, then the next place.
 * @throws ShapeError when the table is not Taxi's.
 */
export function taxiGrids(values: Float64Array, policy: Int32Array): GridDescription[] {
  if (values.length !== 500 || policy.length !== 500) {
    throw new ShapeError(`Taxi has 500 states, got ${values.length} values and ${policy.length} actions.`);
  }
  const grids: GridDescription[] = [];
  for (let passenger = 0; passenger <= IN_TAXI; passenger++) {
    for (let destination = 0; destination < taxiLandmarks.length; destination++) {
      if (passenger !== destination) grids.push(taxiGrid(values, policy, passenger, destination));
    }
  }
  return grids;
}

function taxiGrid(values: Float64Array, policy: Int32Array, passenger: number, destination: number): GridDescription {
  const target = taxiLandmarks[destination];
  const cells = Array.from({ length: TAXI_SIZE * TAXI_SIZE }, (_, cell) => cell);
  const stateOf = (cell: number): number => (cell * (IN_TAXI + 1) + passenger) * taxiLandmarks.length + destination;
  const kindOf = (cell: number): CellKind => {
    if (cell === target.cell) return 'destination';
    return passenger < IN_TAXI && cell === taxiLandmarks[passenger].cell ? 'passenger' : 'floor';
  };
  return {
    rows: TAXI_SIZE,
    cols: TAXI_SIZE,
    cellKinds: cells.map(kindOf),
    values: Float64Array.from(cells, (cell) => values[stateOf(cell)]),
    policy: Int32Array.from(cells, (cell) => policy[stateOf(cell)]),
    actionArrows: taxiArrows,
    wallOnRight: taxiWalls,
    labels: taxiLabels,
    title: `${passenger === IN_TAXI ? 'in taxi' : taxiLandmarks[passenger].letter} to ${target.letter}`,
  };
}

/** Arrows of CliffWalking's actions up, right, down, left. */
export const cliffWalkingArrows = ['↑', '→', '↓', '←'] as const;

/** Lays a CliffWalking table out on its field; the cliff is drawn as holes.
 * @throws ShapeError when the table is not CliffWalking's. */
export function cliffWalkingGrid(values: Float64Array, policy: Int32Array): GridDescription {
  const [rows, cols] = [4, 12];
  const kindOf = (_: unknown, cell: number): CellKind =>
    cell === 36 ? 'start' : cell === 47 ? 'goal' : cell > 36 ? 'hole' : 'floor';
  const cellKinds = Array.from({ length: rows * cols }, kindOf);
  return checkGrid({ rows, cols, cellKinds, values, policy, actionArrows: cliffWalkingArrows });
}

/**
 * Lays a Blackjack table out as in Sutton & Barto, 2nd ed., Figure 5.2 (p. 100): sums 21 to 11 downwards, the dealer's
 * card ace to ten to the right, without and with a usable ace. Actions are S for stick, H for hit.
 * @param values [704] V. @param policy [704] actions. State `(sum * 11 + dealer) * 2 + usable`.
 * @throws ShapeError when the table is not Blackjack's.
 */
export function blackjackGrids(values: Float64Array, policy: Int32Array): GridDescription[] {
  if (values.length !== 704 || policy.length !== 704) {
    throw new ShapeError(`Blackjack has 704 states, got ${values.length} values and ${policy.length} actions.`);
  }
  return [false, true].map((usable) => {
    const sums = Array.from({ length: usable ? 10 : 11 }, (_, i) => 21 - i);
    const dealt = Array.from({ length: 10 }, (_, i) => i + 1);
    const states = sums.flatMap((sum) => dealt.map((dealer) => (sum * 11 + dealer) * 2 + (usable ? 1 : 0)));
    return {
      rows: sums.length,
      cols: dealt.length,
      cellKinds: states.map(() => 'floor' as const),
      values: Float64Array.from(states, (state) => values[state]),
      policy: Int32Array.from(states, (state) => policy[state]),
      actionArrows: ['S', 'H'],
      rowLabels: sums.map(String),
      colLabels: dealt.map((dealer) => (dealer === 1 ? 'A' : String(dealer))),
      title: `${usable ? '' : 'no '}usable ace: sum, dealer's card`,
    };
  });
}

/**
 * Lays a table of CartPole in cells out: a map of the pole's angle (downwards) and its speed (to the right) for each
 * cell of the cart's place and speed.
 * @throws ShapeError when the table does not have these cells.
 */
export function cartPoleGrids(cells: Cells, values: Float64Array, policy: Int32Array): GridDescription[] {
  const [places, speeds, rows, cols] = cells.bins;
  if (cells.bins.length !== 4 || values.length !== places * speeds * rows * cols || policy.length !== values.length) {
    throw new ShapeError(`CartPole in cells ${cells.bins.join('x')} does not have ${values.length} states.`);
  }
  /** Middle of a cell, in degrees for angles. */
  const middle = (i: number, cell: number): number =>
    (cells.low[i] + ((cell + 0.5) * (cells.high[i] - cells.low[i])) / cells.bins[i]) * (i < 2 ? 1 : 180 / Math.PI);
  const labels = (i: number): string[] =>
    Array.from({ length: cells.bins[i] }, (_, cell) => middle(i, cell).toFixed(0));
  return Array.from({ length: places * speeds }, (_, block) => {
    const from = block * rows * cols;
    const [place, speed] = [middle(0, Math.floor(block / speeds)), middle(1, block % speeds)];
    return {
      rows,
      cols,
      cellKinds: Array.from({ length: rows * cols }, () => 'floor' as const),
      values: values.slice(from, from + rows * cols),
      policy: policy.slice(from, from + rows * cols),
      actionArrows: ['←', '→'],
      rowLabels: labels(2),
      colLabels: labels(3),
      title: `cart at ${place.toFixed(1)} m, ${speed.toFixed(1)} m/s`,
    };
  });
}

/** Whether a cell has a value and an action worth showing. */
export function isPlayable(kind: CellKind): boolean {
  return kind !== 'hole' && kind !== 'goal';
}

/** @throws ShapeError when an array of a grid has not one entry for each cell; OptionError for an action without an arrow. */
export function checkGrid(grid: GridDescription): GridDescription {
  const cells = grid.rows * grid.cols;
  for (const key of ['cellKinds', 'values', 'policy', 'wallOnRight', 'labels'] as const) {
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

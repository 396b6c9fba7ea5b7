import type { Outcome, TabularModel } from '../tabular-model.ts';

/** The map: `:` between two squares lets the taxi pass east and west, `|` is a wall. North and south have no walls. */
export const taxiMap = [
  '+---------+',
  '|R: | : :G|',
  '| : | : : |',
  '| : : : : |',
  '| | : | : |',
  '|Y| : |B: |',
  '+---------+',
] as const;

/** Row and column of the four places, in the order Red, Green, Yellow, Blue. */
export const taxiPlaces: readonly (readonly [row: number, column: number])[] = [
  [0, 0],
  [0, 4],
  [4, 0],
  [4, 3],
];

/** Actions of Taxi. */
export const taxiActions = { south: 0, north: 1, east: 2, west: 3, pickup: 4, dropoff: 5 } as const;

/** `passenger` when the passenger sits in the taxi. */
export const IN_TAXI = 4;

/** What a Taxi state number stands for. */
export interface TaxiState {
  /** 0..4 from the north. */
  readonly row: number;
  /** 0..4 from the west. */
  readonly column: number;
  /** Place where the passenger waits, 0..3, or `IN_TAXI`. */
  readonly passenger: number;
  /** Place where the passenger wants to go, 0..3. */
  readonly destination: number;
}

export function encodeTaxiState({ row, column, passenger, destination }: TaxiState): number {
  return ((row * 5 + column) * 5 + passenger) * 4 + destination;
}

export function decodeTaxiState(state: number): TaxiState {
  return {
    row: Math.floor(state / 100),
    column: Math.floor(state / 20) % 5,
    passenger: Math.floor(state / 4) % 5,
    destination: state % 4,
  };
}

/** Place at a square, -1 for an ordinary square. */
function placeAt(row: number, column: number): number {
  return taxiPlaces.findIndex(([r, c]) => r === row && c === column);
}

/** Whether a move (action 0..3) leaves the square instead of meeting a wall. */
function canMove(row: number, column: number, action: number): boolean {
  if (action === taxiActions.south) return row < 4;
  if (action === taxiActions.north) return row > 0;
  return taxiMap[row + 1][2 * column + (action === taxiActions.east ? 2 : 0)] === ':';
}

/** The state after a move; a wall stops it. */
function moved(taxi: TaxiState, action: number): number {
  if (!canMove(taxi.row, taxi.column, action)) return encodeTaxiState(taxi);
  const row = taxi.row + (action === taxiActions.south ? 1 : action === taxiActions.north ? -1 : 0);
  const column = taxi.column + (action === taxiActions.east ? 1 : action === taxiActions.west ? -1 : 0);
  return encodeTaxiState({ ...taxi, row, column });
}

/** Where rain may push a taxi that heads south, north, east, west: to its left and to its right. */
const SIDES: readonly (readonly [left: number, right: number])[] = [
  [taxiActions.east, taxiActions.west],
  [taxiActions.west, taxiActions.east],
  [taxiActions.north, taxiActions.south],
  [taxiActions.south, taxiActions.north],
];

/**
 * Transition model of Taxi (T. G. Dietterich, "Hierarchical Reinforcement Learning with the MAXQ Value Function
 * Decomposition", JAIR 13, 2000).
 * @param rain probability that a move goes where it should, each side getting half of the rest; null when it is dry.
 */
export function taxiModel(rain: number | null): TabularModel {
  const transitions: Outcome[][][] = [];
  const initial = new Float64Array(500);
  for (let state = 0; state < 500; state++) {
    const taxi = decodeTaxiState(state);
    // 25 squares, 4 places to wait at, 3 other places to go to.
    if (taxi.passenger !== IN_TAXI && taxi.passenger !== taxi.destination) initial[state] = 1 / 300;
    transitions.push([0, 1, 2, 3, 4, 5].map((action) => outcomes(taxi, action, rain)));
  }
  return { nStates: 500, nActions: 6, transitions, initialStateDistribution: initial };
}

function outcomes(taxi: TaxiState, action: number, rain: number | null): Outcome[] {
  const place = placeAt(taxi.row, taxi.column);
  const stay = encodeTaxiState(taxi);
  const certain = (nextState: number, reward: number, terminated = false): Outcome[] => [
    { probability: 1, nextState, reward, terminated },
  ];
  if (action === taxiActions.pickup) {
    if (place < 0 || taxi.passenger !== place) return certain(stay, -10);
    return certain(encodeTaxiState({ ...taxi, passenger: IN_TAXI }), -1);
  }
  if (action === taxiActions.dropoff) {
    if (place < 0 || taxi.passenger !== IN_TAXI) return certain(stay, -10);
    const arrived = place === taxi.destination;
    return certain(encodeTaxiState({ ...taxi, passenger: place }), arrived ? 20 : -1, arrived);
  }
  const ahead = moved(taxi, action);
  if (rain === null) return certain(ahead, -1);
  // A taxi that faces a wall stands still, and rain does not push it.
  const blocked = !canMove(taxi.row, taxi.column, action);
  const drift = SIDES[action].map((side) => (blocked ? stay : moved(taxi, side)));
  const lateral = (1 - rain) / 2;
  return [ahead, ...drift].map((nextState, i) => ({
    probability: i === 0 ? rain : lateral,
    nextState,
    reward: -1,
    terminated: false,
  }));
}

/** [6] 1 for each action that changes the state, 0 for the others. */
export function taxiActionMask(state: number): Int8Array {
  const { row, column, passenger } = decodeTaxiState(state);
  const place = placeAt(row, column);
  const mask = new Int8Array(6);
  for (let action = 0; action < 4; action++) mask[action] = canMove(row, column, action) ? 1 : 0;
  mask[taxiActions.pickup] = place >= 0 && passenger === place ? 1 : 0;
  mask[taxiActions.dropoff] = place >= 0 && passenger === IN_TAXI ? 1 : 0;
  return mask;
}

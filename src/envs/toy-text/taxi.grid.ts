import type { CellKind, StateGrid } from '../state-grid.ts';
import { encodeTaxiState, IN_TAXI, taxiMap, taxiPlaces } from './taxi-model.ts';

const SIZE = 5;
/** Letters of the places, as on the map. */
const LETTERS = taxiPlaces.map(([row, column]) => taxiMap[row + 1][2 * column + 1]);
const cells = Array.from({ length: SIZE * SIZE }, (_, cell) => ({ row: Math.floor(cell / SIZE), column: cell % SIZE }));
const placeOf = ({ row, column }: { row: number; column: number }): number =>
  taxiPlaces.findIndex(([r, c]) => r === row && c === column);

/**
 * Taxi's states as 5x5 maps of where the taxi is, one for each place of the passenger (R, G, Y, B, in the taxi) and
 * destination: 20 less the 4 whose passenger has arrived. Row by row: a passenger's place with every destination, then the
 * next place. Actions are south, north, east, west, pick up (P), drop off (D).
 */
export function taxiGrids(): StateGrid[] {
  const grids: StateGrid[] = [];
  for (let passenger = 0; passenger <= IN_TAXI; passenger++) {
    for (let destination = 0; destination < taxiPlaces.length; destination++) {
      if (passenger !== destination) grids.push(taxiGrid(passenger, destination));
    }
  }
  return grids;
}

function taxiGrid(passenger: number, destination: number): StateGrid {
  const kinds: Readonly<Record<number, CellKind>> = { [passenger]: 'passenger', [destination]: 'destination' };
  return {
    rows: SIZE,
    cols: SIZE,
    cellKinds: cells.map((cell) => kinds[placeOf(cell)] ?? 'floor'),
    states: cells.map((cell) => encodeTaxiState({ ...cell, passenger, destination })),
    nStates: SIZE * SIZE * (IN_TAXI + 1) * taxiPlaces.length,
    actionArrows: ['↓', '↑', '→', '←', 'P', 'D'],
    wallOnRight: cells.map(({ row, column }) => column < SIZE - 1 && taxiMap[row + 1][2 * column + 2] === '|'),
    labels: cells.map((cell) => LETTERS[placeOf(cell)] ?? ''),
    title: `${passenger === IN_TAXI ? 'in taxi' : LETTERS[passenger]} to ${LETTERS[destination]}`,
  };
}

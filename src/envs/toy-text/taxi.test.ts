import { describe, expect, it } from 'vitest';
import { OptionError } from '../../core/errors.ts';
import { TaxiEnv } from './taxi.ts';
import {
  decodeTaxiState,
  encodeTaxiState,
  IN_TAXI,
  type TaxiState,
  taxiActionMask,
  taxiActions,
  taxiModel,
} from './taxi-model.ts';

const { south, north, east, west, pickup, dropoff } = taxiActions;
const dry = taxiModel(null);

function at(row: number, column: number, passenger = 0, destination = 1): number {
  return encodeTaxiState({ row, column, passenger, destination });
}

/** Where the only outcome leads. */
function after(state: number, action: number): TaxiState {
  const list = dry.transitions[state][action];
  expect(list).toHaveLength(1);
  return decodeTaxiState(list[0].nextState);
}

describe('states', () => {
  it('are numbered as Gymnasium does', () => {
    // Gymnasium's documentation: row 3, column 1, passenger 2, destination 0 is 328.
    expect(at(3, 1, 2, 0)).toBe(328);
    expect(decodeTaxiState(328)).toEqual({ row: 3, column: 1, passenger: 2, destination: 0 });
    for (let state = 0; state < 500; state++) expect(encodeTaxiState(decodeTaxiState(state))).toBe(state);
  });

  it('start with a passenger who waits elsewhere than at the destination', () => {
    const starts = [...dry.initialStateDistribution].filter((p) => p > 0);
    expect(starts).toHaveLength(300);
    expect(dry.initialStateDistribution[at(2, 2, 1, 1)]).toBe(0);
    expect(dry.initialStateDistribution[at(2, 2, IN_TAXI, 1)]).toBe(0);
  });
});

describe('moves', () => {
  // Walls: east of (0,1), (1,1), (3,0), (4,0), (3,2), (4,2).
  it.each([
    [0, 1, east, 0, 1],
    [0, 2, west, 0, 2],
    [2, 1, east, 2, 2],
    [3, 0, east, 3, 0],
    [4, 3, west, 4, 3],
    [4, 2, east, 4, 2],
    [0, 0, north, 0, 0],
    [4, 0, south, 4, 0],
    [2, 4, east, 2, 4],
    [2, 0, west, 2, 0],
    [2, 2, south, 3, 2],
    [2, 2, north, 1, 2],
  ])('from (%i, %i), action %i, to (%i, %i)', (row, column, action, newRow, newColumn) => {
    expect(after(at(row, column), action)).toMatchObject({ row: newRow, column: newColumn, passenger: 0 });
  });

  it('drift to both sides in rain, not when a wall is ahead', () => {
    const rainy = taxiModel(0.8);
    const lead = (state: number, action: number): unknown[] =>
      rainy.transitions[state][action].map(({ probability, nextState }) => {
        const { row, column } = decodeTaxiState(nextState);
        return [Math.round(probability * 1e9) / 1e9, row, column];
      });
    expect(lead(at(2, 2), south)).toEqual([
      [0.8, 3, 2],
      [0.1, 2, 3],
      [0.1, 2, 1],
    ]);
    // North from (1, 1): east is a wall, so that side stays.
    expect(lead(at(1, 1), north)).toEqual([
      [0.8, 0, 1],
      [0.1, 1, 0],
      [0.1, 1, 1],
    ]);
    expect(lead(at(1, 1), east).map((outcome) => (outcome as number[]).slice(1))).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(rainy.transitions[at(0, 0)][pickup]).toEqual(dry.transitions[at(0, 0)][pickup]);
  });
});

describe('the passenger', () => {
  it.each<[string, number, number, object]>([
    ['gets in', at(0, 0, 0), pickup, { nextState: at(0, 0, IN_TAXI), reward: -1, terminated: false }],
    ['is elsewhere', at(0, 4, 0), pickup, { nextState: at(0, 4, 0), reward: -10, terminated: false }],
    ['already sits inside', at(0, 0, IN_TAXI), pickup, { nextState: at(0, 0, IN_TAXI), reward: -10 }],
    ['arrives', at(0, 4, IN_TAXI, 1), dropoff, { nextState: at(0, 4, 1, 1), reward: 20, terminated: true }],
    [
      'gets out at another place',
      at(4, 3, IN_TAXI, 1),
      dropoff,
      { nextState: at(4, 3, 3, 1), reward: -1, terminated: false },
    ],
    ['cannot get out on the road', at(2, 2, IN_TAXI), dropoff, { nextState: at(2, 2, IN_TAXI), reward: -10 }],
    ['is not inside', at(0, 0, 0), dropoff, { nextState: at(0, 0, 0), reward: -10 }],
  ])('%s', (_, state, action, outcome) => {
    expect(dry.transitions[state][action]).toMatchObject([{ probability: 1, ...outcome }]);
  });

  it('may change the destination once, on the first move together', () => {
    const env = new TaxiEnv({ ficklePassenger: true, fickleProbability: 1 });
    let changes = 0;
    let quiet = 0;
    for (let seed = 0; seed < 40; seed++) {
      let state = env.reset({ seed }).observation;
      const wanted = decodeTaxiState(state).destination;
      // Put the taxi where the passenger waits, then go: the way is the same for every seed.
      const { passenger } = decodeTaxiState(state);
      const [row, column] = [
        [0, 0],
        [0, 4],
        [4, 0],
        [4, 3],
      ][passenger];
      const saved = env.saveState() as { own: Record<string, never> };
      env.restoreState({ ...saved, own: { ...saved.own, state: at(row, column, passenger, wanted) } });
      env.step(pickup);
      expect(decodeTaxiState(env.step(pickup).observation).destination).toBe(wanted);
      state = env.step(row === 0 ? south : north).observation;
      if (decodeTaxiState(state).destination !== wanted) changes++;
      const now = decodeTaxiState(state).destination;
      state = env.step(row === 0 ? south : north).observation;
      if (decodeTaxiState(state).destination === now) quiet++;
    }
    expect([changes, quiet]).toEqual([40, 40]);
  });
});

describe('action mask', () => {
  it('is 1 exactly where an action changes the state', () => {
    for (let state = 0; state < 500; state++) {
      const changes = [0, 1, 2, 3, 4, 5].map((action) =>
        dry.transitions[state][action][0].nextState === state ? 0 : 1,
      );
      expect([state, ...taxiActionMask(state)]).toEqual([state, ...changes]);
    }
  });

  it('comes with every reset and step', () => {
    const env = new TaxiEnv();
    const { observation, info } = env.reset({ seed: 1 });
    expect(info['action_mask']).toEqual(taxiActionMask(observation));
    const step = env.step(north);
    expect(step.info['action_mask']).toEqual(taxiActionMask(step.observation));
    expect(step.info['prob']).toBe(1);
  });
});

describe('options', () => {
  it.each([
    { isRainy: 1 },
    { ficklePassenger: 'yes' },
    { rainyProbability: -0.1 },
    { fickleProbability: 2 },
    { renderMode: 'human' },
  ])('%o is refused', (options) => {
    expect(() => new TaxiEnv(options as never)).toThrow(OptionError);
  });
});

import { describe, expect, it } from 'vitest';
import type { RgbFrame } from '../../core/env.ts';
import { OptionError, OrderError, UnknownNameError } from '../../core/errors.ts';
import { FrozenLakeEnv, type FrozenLakeOptions } from './frozen-lake.ts';
import { generateRandomMap } from './lake-map.ts';
import { OutcomeTable } from './outcome-table.ts';

describe('model', () => {
  it('slips to both sides of the intended direction', () => {
    const { model } = new FrozenLakeEnv({ desc: ['SFF', 'FFF', 'FFG'], successRate: 0.6 });
    // From the middle, right: up (slip), right, down (slip), in Gymnasium's order down, right, up.
    expect(model.transitions[4][2]).toEqual([
      { probability: 0.2, nextState: 7, reward: 0, terminated: false },
      { probability: 0.6, nextState: 5, reward: 0, terminated: false },
      { probability: 0.2, nextState: 1, reward: 0, terminated: false },
    ]);
  });

  it('pays by the tile that is reached, and nothing in an ended state', () => {
    const { P } = new FrozenLakeEnv({ desc: ['SFG', 'FHF'], isSlippery: false, rewardSchedule: [5, -3, -1] });
    expect(P[1][2]).toEqual([{ probability: 1, nextState: 2, reward: 5, terminated: true }]);
    expect(P[1][1]).toEqual([{ probability: 1, nextState: 4, reward: -3, terminated: true }]);
    expect(P[1][0]).toEqual([{ probability: 1, nextState: 0, reward: -1, terminated: false }]);
    expect(P[0][0]).toEqual([{ probability: 1, nextState: 0, reward: -1, terminated: false }]);
    expect(P[2][0]).toEqual([{ probability: 1, nextState: 2, reward: 0, terminated: true }]);
    expect(P[4][3]).toEqual([{ probability: 1, nextState: 4, reward: 0, terminated: true }]);
  });

  it('starts on every start tile alike', () => {
    const env = new FrozenLakeEnv({ desc: ['SFS', 'GFS'] });
    expect([...env.model.initialStateDistribution]).toEqual([1 / 3, 0, 1 / 3, 0, 0, 1 / 3]);
    env.reset({ seed: 0 });
    const starts = Array.from({ length: 200 }, () => env.reset().observation);
    expect(new Set(starts)).toEqual(new Set([0, 2, 5]));
  });
});

describe('table', () => {
  it('takes the first outcome when rounding leaves the sum below the drawn number', () => {
    const outcome = (nextState: number) => ({ probability: 0.3, nextState, reward: 0, terminated: false });
    const table = new OutcomeTable({
      nStates: 1,
      nActions: 2,
      transitions: [[[outcome(10), outcome(11), outcome(12)], [outcome(20)]]],
      initialStateDistribution: Float64Array.of(0.5, 0.25),
    });
    const at = (action: number, u: number): number => table.nextState[table.draw(0, action, u)];
    expect([0, 0.29, 0.3, 0.59, 0.61, 0.95].map((u) => at(0, u))).toEqual([10, 10, 11, 11, 12, 10]);
    expect([0, 0.29, 0.3, 0.99].map((u) => at(1, u))).toEqual([20, 20, 20, 20]);
    expect([0, 0.5, 0.74, 0.75, 0.99].map((u) => table.drawStart(u))).toEqual([0, 1, 1, 0, 0]);
  });
});

describe('options', () => {
  it.each<[string, unknown, string]>([
    ['no start', { desc: ['FFG'] }, 'desc: got ["FFG"], allowed is a map with a start (S).'],
    ['no goal', { desc: ['SFF'] }, 'desc: got ["SFF"], allowed is a map with a goal (G).'],
    [
      'an unknown letter',
      { desc: ['SXG'] },
      'desc: got "X", allowed is the letters S (start), F (frozen), H (hole) and G (goal).',
    ],
    ['ragged rows', { desc: ['SF', 'G'] }, 'desc: got ["SF","G"], allowed is rows of one length, at least 1.'],
    ['no rows', { desc: [] }, 'desc: got [], allowed is a list of rows such as ["SFF", "FHG"].'],
    ['empty rows', { desc: ['', ''] }, 'desc: got ["",""], allowed is rows of one length, at least 1.'],
    ['a number as map', { desc: 5 }, 'desc: got 5, allowed is a list of rows such as ["SFF", "FHG"].'],
    ['a number as row', { desc: [5] }, 'desc: got [5], allowed is a list of rows such as ["SFF", "FHG"].'],
    ['a text as map', { desc: 'SFG' }, 'desc: got "SFG", allowed is a list of rows such as ["SFF", "FHG"].'],
    ['a rate above 1', { successRate: 1.1 }, 'successRate: got 1.1, allowed is a number from 0 to 1.'],
    ['a rate that is no number', { successRate: Number.NaN }, 'successRate: got NaN, allowed is a number from 0 to 1.'],
    ['a text for a flag', { isSlippery: 'no' }, 'isSlippery: got "no", allowed is true or false.'],
    [
      'two rewards',
      { rewardSchedule: [1, 0] },
      'rewardSchedule: got [1,0], allowed is three numbers: rewards of the goal, a hole, another tile.',
    ],
    ['an unknown mode', { renderMode: 'human' }, 'renderMode: got "human", allowed is "ansi" or "rgb_array" or null.'],
  ])('%s', (_, options, message) => {
    expect(() => new FrozenLakeEnv(options as FrozenLakeOptions)).toThrow(
      new OptionError('', 0, '').constructor as never,
    );
    expect(() => new FrozenLakeEnv(options as FrozenLakeOptions)).toThrow(message);
  });

  it('suggests a map name', () => {
    const bad = (): unknown => new FrozenLakeEnv({ mapName: '4x5' as never });
    expect(bad).toThrow(UnknownNameError);
    expect(bad).toThrow('Unknown map "4x5". Did you mean "4x4"?');
  });

  it('takes rows as letters, and a map without a path', () => {
    expect(new FrozenLakeEnv({ desc: [['S', 'H', 'G']] }).desc).toEqual(['SHG']);
  });

  it('draws a random 8x8 map when there is neither map nor name', () => {
    const maps = [0, 1, 2].map(() => new FrozenLakeEnv({ mapName: null }).desc.join(''));
    for (const map of maps) expect(map).toMatch(/^S[FH]{62}G$/);
    expect(new Set(maps).size).toBe(3);
    expect(new FrozenLakeEnv({ desc: null, mapName: '8x8' }).desc).toHaveLength(8);
  });

  it('keeps a random map in its saved state', () => {
    const one = new FrozenLakeEnv({ mapName: null });
    const two = new FrozenLakeEnv({ mapName: null });
    two.restoreState(one.saveState());
    expect(two.desc).toEqual(one.desc);
    expect(two.model).toEqual(one.model);
  });
});

describe('random maps', () => {
  it.each([1, 2.5, Number.NaN, -4])('of size %s are refused', (size) => {
    expect(() => generateRandomMap(size)).toThrow(OptionError);
  });

  it.each([0, -1, Number.NaN])('with p %s are refused', (p) => {
    expect(() => generateRandomMap(4, p)).toThrow(OptionError);
  });

  it('give up when no map has a path', () => {
    expect(() => generateRandomMap(40, 0.01, 1)).toThrow('none of');
  });
});

describe('render', () => {
  it('needs a reset', () => {
    expect(() => new FrozenLakeEnv({ renderMode: 'ansi' }).render()).toThrow(OrderError);
  });

  it('shows the fall and the goal on their tiles only', () => {
    const env = new FrozenLakeEnv({ desc: ['SHG'], isSlippery: false, renderMode: 'rgb_array' });
    const frame = (): RgbFrame => env.render() as RgbFrame;
    env.reset({ seed: 0 });
    const { width, height } = frame();
    expect([width, height]).toEqual([288, 96]);
    const before = Uint8Array.from(frame().data);
    env.step(2);
    const after = Uint8Array.from(frame().data);
    const changed = new Set<number>();
    for (let i = 0; i < before.length; i++) {
      if (before[i] !== after[i]) changed.add(Math.floor((Math.floor(i / 3) % width) / 96));
    }
    // The elf left the first tile and fell on the second; the goal's tile is as before.
    expect(changed).toEqual(new Set([0, 1]));
  });

  it.each([
    [['SG'], 192, 96],
    [Array.from({ length: 40 }, (_, i) => (i === 0 ? `S${'F'.repeat(49)}` : `${'F'.repeat(49)}G`)), 500, 400],
  ])('fits the tile to the map', (desc, width, height) => {
    const env = new FrozenLakeEnv({ desc, renderMode: 'rgb_array' });
    env.reset({ seed: 0 });
    expect(env.render()).toMatchObject({ width, height });
  });
});

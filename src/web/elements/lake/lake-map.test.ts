import { expect, it } from 'vitest';
import { CliffWalkingEnv } from '../../../envs/toy-text/cliff-walking.ts';
import { FrozenLakeEnv } from '../../../envs/toy-text/frozen-lake.ts';
import { paint, reachableStates, resize } from './lake-map.ts';

const map = ['SF', 'HG'];

it.each([
  ['a hole on ice', 1, 'H', ['SH', 'HG']],
  ['ice on a hole', 2, 'F', ['SF', 'FG']],
  ['what is there', 3, 'G', map],
  ['a second goal', 1, 'G', ['SG', 'HG']],
  ['the start elsewhere', 2, 'S', ['FF', 'SG']],
] as const)('paints %s', (_, cell, tile, painted) => {
  expect(paint(map, cell, tile)).toEqual({ map: painted });
});

it('keeps a start and a goal', () => {
  expect(paint(map, 0, 'H')).toEqual({ refused: 'The lake needs its start: put it elsewhere to move it.' });
  expect(paint(map, 3, 'F')).toEqual({ refused: 'The lake needs a goal: paint another one first.' });
  expect(paint(map, 3, 'S')).toEqual({ refused: 'The lake needs a goal: paint another one first.' });
  expect(paint(['SG', 'HG'], 3, 'F')).toEqual({ map: ['SG', 'HF'] });
});

it('changes its size, with a start and a goal', () => {
  expect(resize(map, 3)).toEqual(['SFF', 'HGF', 'FFF']);
  expect(resize(['FFS', 'FFF', 'GFF'], 2)).toEqual(['SF', 'FG']);
  expect(resize(['FFF', 'FSF', 'FFG'], 2)).toEqual(['GF', 'FS']);
});

it('tells which states can be reached', () => {
  const states = (desc: string[], isSlippery = false): number[] => [
    ...reachableStates(new FrozenLakeEnv({ desc, isSlippery }).model),
  ];
  expect(states(['SHG'])).toEqual([1, 1, 0]);
  // Ends count, what lies behind them does not.
  expect(states(['SFH', 'HGF'])).toEqual([1, 1, 1, 1, 1, 0]);
  const { model } = new FrozenLakeEnv({ desc: ['SF', 'FG'], isSlippery: false });
  const right = Int32Array.of(2, 2, 2, 2);
  expect([...reachableStates(model, right)]).toEqual([1, 1, 0, 0]);
  // The cliff itself is never seen.
  expect(reachableStates(new CliffWalkingEnv().model).reduce((sum, reached) => sum + reached)).toBe(38);
});

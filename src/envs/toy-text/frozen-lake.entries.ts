import { envEntry } from '../../core/env-entry.ts';
import { FrozenLakeEnv, type FrozenLakeOptions } from './frozen-lake.ts';
import { generateRandomMap } from './lake-map.ts';

const lakeActionLines = ['move left', 'move down', 'move right', 'move up'];

const lakeOptions = {
  desc: 'rows of S, F, H, G; wins over mapName',
  mapName: '4x4, 8x8, or null for a random 8x8 map',
  isSlippery: 'ice takes the player to either side; default true',
  successRate: 'probability of the intended direction on slippery ice; default 1/3',
  rewardSchedule: 'rewards of goal, hole, other tiles; default [1, 0, 0]',
  renderMode: 'ansi, rgb_array or null',
};

/** A random lake is one lake by the seed, for training, test and play alike. */
const settleLake = (options: FrozenLakeOptions, seed: number): FrozenLakeOptions => {
  const { mapName, desc, ...others } = options;
  if (mapName !== null || (desc ?? null) !== null) return options;
  return { ...others, desc: generateRandomMap(8, 0.8, seed) };
};

/** Registry entries of FrozenLake. Thresholds and limits are Gymnasium's. */
export const frozenLakeEntries = {
  'FrozenLake-v1': envEntry({
    create: (options: FrozenLakeOptions) => new FrozenLakeEnv(options),
    summary: 'cross a slippery lake, 4x4',
    rewardThreshold: 0.7,
    maxEpisodeSteps: 100,
    actions: lakeActionLines,
    settle: settleLake,
    options: lakeOptions,
  }),
  'FrozenLake8x8-v1': envEntry({
    create: (options: FrozenLakeOptions) =>
      new FrozenLakeEnv({ ...options, mapName: options.mapName === undefined ? '8x8' : options.mapName }),
    summary: 'cross a slippery lake, 8x8',
    rewardThreshold: 0.85,
    maxEpisodeSteps: 200,
    actions: lakeActionLines,
    settle: settleLake,
    options: lakeOptions,
  }),
};

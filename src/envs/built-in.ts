import { CartPoleEnv, type CartPoleOptions } from './classic-control/cart-pole.ts';
import { envEntry } from './env-entry.ts';
import { pongEnvironments } from './pong/index.ts';
import { FrozenLakeEnv, type FrozenLakeOptions } from './toy-text/frozen-lake.ts';
import { TaxiEnv, type TaxiOptions, type TaxiV3Options } from './toy-text/taxi.ts';

const lakeOptions = {
  desc: 'rows of S, F, H, G; wins over mapName',
  mapName: '4x4, 8x8, or null for a random 8x8 map',
  isSlippery: 'ice takes the player to either side; default true',
  successRate: 'probability of the intended direction on slippery ice; default 1/3',
  rewardSchedule: 'rewards of goal, hole, other tiles; default [1, 0, 0]',
  renderMode: 'ansi, rgb_array or null',
};

/** The environments that come with bellman. Thresholds and limits are Gymnasium's. */
export const builtInEnvironments = {
  'FrozenLake-v1': envEntry({
    create: (options: FrozenLakeOptions) => new FrozenLakeEnv(options),
    summary: 'cross a slippery lake, 4x4',
    rewardThreshold: 0.7,
    maxEpisodeSteps: 100,
    options: lakeOptions,
  }),
  'FrozenLake8x8-v1': envEntry({
    create: (options: FrozenLakeOptions) =>
      new FrozenLakeEnv({ ...options, mapName: options.mapName === undefined ? '8x8' : options.mapName }),
    summary: 'cross a slippery lake, 8x8',
    rewardThreshold: 0.85,
    maxEpisodeSteps: 200,
    options: lakeOptions,
  }),
  'Taxi-v3': envEntry({
    create: ({ renderMode }: TaxiV3Options) => new TaxiEnv({ renderMode }),
    summary: 'fetch and deliver a passenger, without rain',
    rewardThreshold: 8,
    maxEpisodeSteps: 200,
    options: { renderMode: 'ansi, rgb_array or null' },
  }),
  'Taxi-v4': envEntry({
    create: (options: TaxiOptions) => new TaxiEnv(options),
    summary: 'fetch and deliver a passenger, with rain and changes of mind if asked for',
    rewardThreshold: 8,
    maxEpisodeSteps: 200,
    options: {
      isRainy: 'rain pushes the taxi to a side; default false',
      ficklePassenger: 'the passenger may change the destination once; default false',
      rainyProbability: 'in rain, probability of the intended direction; default 0.8',
      fickleProbability: 'probability of an episode with a change of mind; default 0.3',
      renderMode: 'ansi, rgb_array or null',
    },
  }),
  'CartPole-v1': envEntry({
    create: (options: CartPoleOptions) => new CartPoleEnv(options),
    summary: 'balance a pole on a cart',
    rewardThreshold: 475,
    maxEpisodeSteps: 500,
    options: {
      suttonBartoReward: '0 a step and -1 for falling instead of 1 a step; default false',
      kinematicsIntegrator: 'euler (default) or semi-implicit-euler',
      renderMode: 'rgb_array or null',
    },
  }),
  ...pongEnvironments,
};

import { envEntry } from '../core/env-entry.ts';
import { AcrobotEnv, type AcrobotOptions } from './classic-control/acrobot.ts';
import { CartPoleEnv, type CartPoleOptions } from './classic-control/cart-pole.ts';
import { MountainCarEnv } from './classic-control/mountain-car.ts';
import { MountainCarContinuousEnv } from './classic-control/mountain-car-continuous.ts';
import { PendulumEnv, type PendulumOptions } from './classic-control/pendulum.ts';
import type { MountainCarOptions } from './classic-control/valley-car.ts';
import { pongEnvironments } from './pong/index.ts';
import { BlackjackEnv, type BlackjackOptions } from './toy-text/blackjack.ts';
import { CliffWalkingEnv, type CliffWalkingOptions } from './toy-text/cliff-walking.ts';
import { FrozenLakeEnv, type FrozenLakeOptions } from './toy-text/frozen-lake.ts';
import { generateRandomMap } from './toy-text/lake-map.ts';
import { TaxiEnv, type TaxiOptions, type TaxiV3Options } from './toy-text/taxi.ts';

const lakeActionLines = ['move left', 'move down', 'move right', 'move up'];
const cliffActionLines = ['move up', 'move right', 'move down', 'move left'];
const taxiActionLines = [
  'move south (down)',
  'move north (up)',
  'move east (right)',
  'move west (left)',
  'pick the passenger up',
  'drop the passenger off',
];
const poleActionLines = ['push the cart to the left', 'push the cart to the right'];

const lakeOptions = {
  desc: 'rows of S, F, H, G; wins over mapName',
  mapName: '4x4, 8x8, or null for a random 8x8 map',
  isSlippery: 'ice takes the player to either side; default true',
  successRate: 'probability of the intended direction on slippery ice; default 1/3',
  rewardSchedule: 'rewards of goal, hole, other tiles; default [1, 0, 0]',
  renderMode: 'ansi, rgb_array or null',
};
const cliffOptions = {
  isSlippery: 'a step may go to either side, each with probability 1/3; default false (CliffWalkingSlippery-v1: true)',
  renderMode: 'ansi, rgb_array or null',
};
const cartPoleOptions = {
  suttonBartoReward: '0 a step and -1 for falling instead of 1 a step; default false',
  kinematicsIntegrator: 'euler (default) or semi-implicit-euler',
  gravity: 'm/s²; default 9.8',
  masscart: 'kg; default 1',
  masspole: 'kg; default 0.1',
  length: "half of the pole's length, m; default 0.5",
  forceMag: 'push, N; default 10',
  tau: 'seconds a step; default 0.02',
  thetaThresholdRadians: 'angle that ends the episode; default 0.209 (12 degrees)',
  xThreshold: 'position that ends the episode, m; default 2.4',
  renderMode: 'rgb_array or null',
};
const mountainCarOptions = {
  goalVelocity: 'velocity that the car must have at the flag; default 0',
  renderMode: 'rgb_array or null',
};

/** A random lake is one lake by the seed, for training, test and play alike. */
const settleLake = (options: FrozenLakeOptions, seed: number): FrozenLakeOptions => {
  const { mapName, desc, ...others } = options;
  if (mapName !== null || (desc ?? null) !== null) return options;
  return { ...others, desc: generateRandomMap(8, 0.8, seed) };
};

/** The environments that come with bellman. Thresholds and limits are Gymnasium's. */
export const builtInEnvironments = {
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
  'Taxi-v3': envEntry({
    create: ({ renderMode }: TaxiV3Options) => new TaxiEnv({ renderMode }),
    summary: 'fetch and deliver a passenger, without rain',
    rewardThreshold: 8,
    maxEpisodeSteps: 200,
    actions: taxiActionLines,
    options: { renderMode: 'ansi, rgb_array or null' },
  }),
  'Taxi-v4': envEntry({
    create: (options: TaxiOptions) => new TaxiEnv(options),
    summary: 'fetch and deliver a passenger, with rain and changes of mind if asked for',
    rewardThreshold: 8,
    maxEpisodeSteps: 200,
    actions: taxiActionLines,
    options: {
      isRainy: 'rain pushes the taxi to a side; default false',
      ficklePassenger: 'the passenger may change the destination once; default false',
      rainyProbability: 'in rain, probability of the intended direction; default 0.8',
      fickleProbability: 'probability of an episode with a change of mind; default 0.3',
      renderMode: 'ansi, rgb_array or null',
    },
  }),
  'CliffWalking-v1': envEntry({
    create: (options: CliffWalkingOptions) => new CliffWalkingEnv(options),
    summary: 'walk along a cliff',
    actions: cliffActionLines,
    options: cliffOptions,
  }),
  'CliffWalkingSlippery-v1': envEntry({
    create: (options: CliffWalkingOptions) =>
      new CliffWalkingEnv({ ...options, isSlippery: options.isSlippery ?? true }),
    summary: 'walk along a cliff in the wet',
    actions: cliffActionLines,
    options: cliffOptions,
  }),
  'Blackjack-v1': envEntry({
    create: (options: BlackjackOptions) => new BlackjackEnv({ ...options, sab: options.sab ?? true }),
    summary: 'play cards against a dealer',
    actions: ['take no more cards', 'take one more card'],
    options: {
      natural: 'a win with ace and ten pays 1.5, where sab is false; default false',
      sab: "the rules of Sutton and Barto's book; default true",
      renderMode: 'ansi, rgb_array or null',
    },
  }),
  'CartPole-v0': envEntry({
    create: (options: CartPoleOptions) => new CartPoleEnv(options),
    summary: 'balance a pole on a cart, 200 steps',
    rewardThreshold: 195,
    maxEpisodeSteps: 200,
    actions: poleActionLines,
    options: cartPoleOptions,
  }),
  'CartPole-v1': envEntry({
    create: (options: CartPoleOptions) => new CartPoleEnv(options),
    summary: 'balance a pole on a cart',
    rewardThreshold: 475,
    maxEpisodeSteps: 500,
    actions: poleActionLines,
    options: cartPoleOptions,
  }),
  'MountainCar-v0': envEntry({
    create: (options: MountainCarOptions) => new MountainCarEnv(options),
    summary: 'rock a weak car out of a valley',
    rewardThreshold: -110,
    maxEpisodeSteps: 200,
    actions: ['push the car to the left', 'do not push', 'push the car to the right'],
    options: mountainCarOptions,
  }),
  'MountainCarContinuous-v0': envEntry({
    create: (options: MountainCarOptions) => new MountainCarContinuousEnv(options),
    summary: 'rock a weak car out of a valley, continuous force',
    rewardThreshold: 90,
    maxEpisodeSteps: 999,
    actions: ['push on the car, positive to the right'],
    options: mountainCarOptions,
  }),
  'Acrobot-v1': envEntry({
    create: (options: AcrobotOptions) => new AcrobotEnv(options),
    summary: 'swing two links up to a line',
    rewardThreshold: -100,
    maxEpisodeSteps: 500,
    actions: ['torque of -1 N m at the middle joint', 'no torque', 'torque of 1 N m at the middle joint'],
    options: {
      bookOrNips: "equations of the book (default) or of the 1996 paper: 'book' or 'nips'",
      torqueNoiseMax: 'largest random torque that is added, N m; default 0',
      dt: 'seconds a step; default 0.2',
      availTorque: 'torques of the three actions, N m; default [-1, 0, 1]',
      linkLength1: 'm; default 1',
      linkLength2: 'm; default 1',
      linkMass1: 'kg; default 1',
      linkMass2: 'kg; default 1',
      linkComPos1: 'centre of mass from the upper end, m; default 0.5',
      linkComPos2: 'the same of the lower link; default 0.5',
      linkMoi: 'moment of inertia, kg m²; default 1',
      renderMode: 'rgb_array or null',
    },
  }),
  'Pendulum-v1': envEntry({
    create: (options: PendulumOptions) => new PendulumEnv(options),
    summary: 'swing a pendulum up by a torque',
    maxEpisodeSteps: 200,
    actions: ['torque in N m, positive counter-clockwise'],
    options: { g: 'm/s²; default 10', renderMode: 'rgb_array or null' },
  }),
  ...pongEnvironments,
};

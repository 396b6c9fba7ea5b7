import { envEntry } from '../../core/env-entry.ts';
import { CartPoleEnv, type CartPoleOptions } from './cart-pole.ts';

const poleActionLines = ['push the cart to the left', 'push the cart to the right'];

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

/** Registry entries of CartPole. Thresholds and limits are Gymnasium's. */
export const cartPoleEntries = {
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
};

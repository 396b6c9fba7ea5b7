import type { DqnConfig } from '../agents/dqn-config.ts';
import { changesOf, vary } from './change.ts';
import { dqnCartPole } from './dqn-cart-pole.ts';
import { bootstrap, under } from './parts.ts';
import { cite, deviation, usually } from './recipe.ts';

const zoo = (key: string) => cite(`RL Baselines3 Zoo, hyperparams/dqn.yml, MountainCar-v0, ${key}`);
const sb3 = cite('Stable-Baselines3 DQN, default');

/** MountainCar-v0 to the threshold of its registry entry, a mean of -110 over 100 episodes, by the Zoo's settings. */
export const dqnMountainCar = vary(
  dqnCartPole,
  {
    id: 'dqn-mountain-car',
    title: 'DQN on MountainCar-v0 to a mean of -110 over 100 episodes',
    env: 'MountainCar-v0',
    usual: usually(141_000, 4.2, 'docs/results/small-problems.md'),
  },
  changesOf<DqnConfig>()(
    {
      network: { hiddenSizes: [256, 256] },
      bootstrap: bootstrap.greedy.config,
      gamma: 0.98,
      nStep: 1,
      batchSize: 128,
      bufferSize: 10_000,
      learningStarts: 1000,
      trainInterval: 16,
      gradientSteps: 8,
      targetUpdateInterval: 600,
      learningRate: 4e-3,
      learningRateFinal: 4e-3,
      learningRateDecaySteps: 0,
      epsilonFinal: 0.01,
      epsilonDecaySteps: 24_000,
      rewardBound: -110,
      maxSteps: 300_000,
    },
    {
      'network.hiddenSizes': zoo('net_arch'),
      ...under('bootstrap', bootstrap.greedy.sources),
      gamma: zoo('gamma'),
      nStep: sb3,
      batchSize: zoo('batch_size'),
      bufferSize: zoo('buffer_size'),
      learningStarts: zoo('learning_starts'),
      trainInterval: zoo('train_freq'),
      gradientSteps: zoo('gradient_steps'),
      targetUpdateInterval: zoo('target_update_interval'),
      learningRate: zoo('learning_rate'),
      learningRateFinal: zoo('learning_rate: constant'),
      learningRateDecaySteps: zoo('learning_rate: constant'),
      epsilonFinal: deviation(
        'RL Baselines3 Zoo, 0.07',
        'the bound counts games of training, which random actions spoil',
      ),
      epsilonDecaySteps: zoo('exploration_fraction: 0.2 of 120,000 steps'),
      rewardBound: cite('Gymnasium registry, MountainCar-v0 reward_threshold'),
      maxSteps: deviation('RL Baselines3 Zoo, 120,000', 'trains to a bound instead of a fixed number of steps'),
    },
  ),
  {
    config: {},
    sources: {
      'preprocessing.kind': cite('Gymnasium MountainCar-v0: two floats'),
      clipReward: cite('every reward is -1'),
      optimizer: sb3,
      epsilonStart: sb3,
    },
  },
);

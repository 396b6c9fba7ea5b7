import type { DqnConfig } from '../agents/dqn-config.ts';
import { changesOf, vary } from './change.ts';
import { dqnCartPole } from './dqn-cart-pole.ts';
import { cite, deviation, usually } from './recipe.ts';

const tuned = { measured: 'docs/results/small-problems.md' } as const;
const oneStep = cite('plain DQN (Mnih et al. 2015)');

/** FrozenLake-v1 by a network that sees the number of its cell as 16 numbers, one of them 1. */
export const dqnFrozenLake = vary(
  dqnCartPole,
  {
    id: 'dqn-frozen-lake',
    title: 'DQN on FrozenLake-v1 to a mean of 0.7 over 500 episodes',
    env: 'FrozenLake-v1',
    usual: usually(78_000, 0.7, 'docs/results/small-problems.md'),
  },
  changesOf<DqnConfig>()(
    {
      network: { hiddenSizes: [64] },
      nStep: 1,
      trainInterval: 4,
      targetUpdateInterval: 500,
      learningRateDecaySteps: 200_000,
      epsilonDecaySteps: 50_000,
      rewardBound: 0.7,
      rewardWindow: 500,
      maxSteps: 400_000,
    },
    {
      'network.hiddenSizes': tuned,
      nStep: oneStep,
      trainInterval: tuned,
      targetUpdateInterval: tuned,
      learningRateDecaySteps: tuned,
      epsilonDecaySteps: tuned,
      rewardBound: cite('Gymnasium registry, FrozenLake-v1 reward_threshold'),
      rewardWindow: deviation(
        'Gymnasium registry: mean of 100 episodes',
        'a mean of 100 games that are won or lost varies by 0.045: who just passes once may reach 0.55 elsewhere',
      ),
      maxSteps: tuned,
    },
  ),
  {
    config: {},
    sources: {
      'preprocessing.kind': cite('Gymnasium FrozenLake-v1: the number of a cell, one-hot for a network'),
      clipReward: cite('every reward is 0 or 1'),
    },
  },
);

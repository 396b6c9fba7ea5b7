import type { DqnConfig } from '../agents/dqn-config.ts';
import { changesOf, vary } from './change.ts';
import { dqnCartPole } from './dqn-cart-pole.ts';
import { cite, usually } from './recipe.ts';

const tuned = { measured: 'docs/results/small-problems.md' } as const;

/** Pendulum-v1, whose torque is any number from -2 to 2, by five torques. The environment has no threshold: it trains to the end. */
export const dqnPendulum = vary(
  dqnCartPole,
  {
    id: 'dqn-pendulum',
    title: 'DQN on Pendulum-v1 by five torques, 100,000 steps',
    env: 'Pendulum-v1',
    usual: usually(100_000, 1.1, 'docs/results/small-problems.md'),
  },
  changesOf<DqnConfig>()(
    {
      preprocessing: { actionBins: 5 },
      nStep: 1,
      trainInterval: 4,
      targetUpdateInterval: 500,
      learningRateDecaySteps: 100_000,
      epsilonDecaySteps: 20_000,
      rewardBound: null,
      maxSteps: 100_000,
    },
    {
      'preprocessing.actionBins': tuned,
      nStep: tuned,
      trainInterval: tuned,
      targetUpdateInterval: tuned,
      learningRateDecaySteps: tuned,
      epsilonDecaySteps: tuned,
      rewardBound: cite('Gymnasium registry: Pendulum-v1 has no reward_threshold'),
      maxSteps: tuned,
    },
  ),
  {
    config: {},
    sources: {
      'preprocessing.kind': cite('Gymnasium Pendulum-v1: three floats'),
      clipReward: cite('plain rewards, as in Gymnasium'),
    },
  },
);

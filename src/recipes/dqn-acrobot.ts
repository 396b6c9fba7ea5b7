import type { DqnConfig } from '../agents/dqn-config.ts';
import { changesOf, vary } from './change.ts';
import { dqnCartPole } from './dqn-cart-pole.ts';
import { cite, usually } from './recipe.ts';

const tuned = { measured: 'docs/results/small-problems.md' } as const;

/** Acrobot-v1 to the threshold of its registry entry, a mean of -100 over 100 episodes: CartPole's settings, with fewer updates. */
export const dqnAcrobot = vary(
  dqnCartPole,
  {
    id: 'dqn-acrobot',
    title: 'DQN on Acrobot-v1 to a mean of -100 over 100 episodes',
    env: 'Acrobot-v1',
    usual: usually(27_000, 0.2, 'docs/results/small-problems.md'),
  },
  changesOf<DqnConfig>()(
    { trainInterval: 4, rewardBound: -100 },
    { trainInterval: tuned, rewardBound: cite('Gymnasium registry, Acrobot-v1 reward_threshold') },
  ),
  {
    config: {},
    sources: {
      'preprocessing.kind': cite('Gymnasium Acrobot-v1: six floats'),
      clipReward: cite('every reward is -1 or 0'),
      maxSteps: tuned,
    },
  },
);

import type { PqnConfig } from '../agents/pqn-config.ts';
import { changesOf, vary } from './change.ts';
import { pqnCartPole } from './pqn.ts';
import { cite, measured } from './recipe.ts';

const page = measured('docs/results/family.md');
const bound = cite('Gymnasium registry, CartPole-v0 reward_threshold');

/** PQN with an LSTM on CartPole-v1. */
export const recurrentPqnCartPole = vary(
  pqnCartPole,
  {
    id: 'recurrent-pqn-cart-pole',
    title: 'PQN with an LSTM on CartPole-v1 to a mean of 195 over 100 episodes',
    runShares: { learningRateDecaySteps: 1, epsilonDecaySteps: 0.2 },
  },
  changesOf<PqnConfig>()(
    {
      network: { hiddenSizes: [64], lstm: { units: 64 } },
      gamma: 0.97,
      rolloutSteps: 16,
      minibatches: 8,
      rewardBound: 195,
    },
    {
      'network.hiddenSizes': page,
      'network.lstm': page,
      gamma: page,
      rolloutSteps: page,
      minibatches: page,
      rewardBound: bound,
    },
  ),
);

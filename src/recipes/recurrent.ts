import type { DqnConfig } from '../agents/dqn-config.ts';
import type { PqnConfig } from '../agents/pqn-config.ts';
import { changesOf, vary } from './change.ts';
import { dqnCartPole } from './dqn-cart-pole.ts';
import { replay, under } from './parts.ts';
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

/** DQN with an LSTM on CartPole-v1. */
export const recurrentDqnCartPole = vary(
  dqnCartPole,
  {
    id: 'recurrent-dqn-cart-pole',
    title: 'DQN with an LSTM on CartPole-v1 to a mean of 195 over 100 episodes',
  },
  changesOf<DqnConfig>()(
    {
      network: { hiddenSizes: [64], lstm: { units: 64 }, layerNorm: 'dense' },
      replay: { ...replay.sequences.config, length: 16, burnIn: 4, overlap: 8 },
      environments: 4,
      gamma: 0.95,
      nStep: 3,
      batchSize: 16,
      bufferSize: 20_000,
      trainInterval: 8,
      targetUpdateInterval: 1000,
      learningRate: 1e-3,
      learningRateFinal: 1e-4,
      learningRateDecaySteps: 40_000,
      epsilonFinal: 0.05,
      epsilonDecaySteps: 8000,
      rewardBound: 195,
      maxSteps: 50_000,
    },
    {
      'network.hiddenSizes': page,
      'network.lstm': page,
      'network.layerNorm': page,
      ...under('replay', replay.sequences.sources),
      'replay.length': page,
      'replay.burnIn': page,
      'replay.overlap': page,
      environments: page,
      gamma: page,
      nStep: page,
      batchSize: page,
      bufferSize: page,
      trainInterval: page,
      targetUpdateInterval: page,
      learningRate: page,
      learningRateFinal: page,
      learningRateDecaySteps: page,
      epsilonFinal: page,
      epsilonDecaySteps: page,
      rewardBound: bound,
      maxSteps: page,
    },
  ),
);

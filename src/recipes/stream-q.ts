import type { StreamQConfig } from '../agents/stream-q-config.ts';
import { network, preprocessing } from './parts.ts';
import { allActions, cite, numberedActions, type Recipe, type Sources, usually } from './recipe.ts';

const elsayed = (place: string) => cite(`Elsayed et al. 2024, ${place}`);
const tuned = { measured: 'docs/algorithms/stream-q.md' } as const;

const config = {
  preprocessing: preprocessing.none.config,
  clipReward: false,
  actionMasks: false,
  standardizeObservations: true,
  scaleReward: true,
  network: { ...network.mlp.config, hiddenSizes: [64, 64], layerNorm: 'all' },
  sparsity: 0.9,
  gamma: 0.99,
  lambda: 0.8,
  learningRate: 1,
  kappa: 2,
  epsilonStart: 1,
  epsilonFinal: 0.01,
  epsilonDecaySteps: 10_000,
  rewardBound: 475,
  rewardWindow: 100,
  maxSteps: 200_000,
} as const satisfies StreamQConfig;

const sources: Sources<typeof config> = {
  'preprocessing.actionBins': numberedActions,
  'preprocessing.kind': cite('Gymnasium CartPole-v1: four floats'),
  clipReward: cite('every reward is 1'),
  actionMasks: allActions,
  standardizeObservations: elsayed('observation normalization'),
  scaleReward: elsayed('reward scaling'),
  'network.kind': elsayed('fully connected layers for vectors'),
  'network.hiddenSizes': tuned,
  'network.layerNorm': elsayed('layer normalization before each activation'),
  'network.dueling': elsayed('one stream'),
  'network.noisy': elsayed('epsilon-greedy'),
  sparsity: elsayed('sparse initialization, 0.9'),
  gamma: elsayed('0.99'),
  lambda: elsayed('0.8'),
  learningRate: elsayed('alpha 1'),
  kappa: elsayed('kappa 2 for action values'),
  epsilonStart: elsayed('from 1'),
  epsilonFinal: elsayed('to 0.01'),
  epsilonDecaySteps: tuned,
  rewardBound: cite('Gymnasium registry, CartPole-v1 reward_threshold'),
  rewardWindow: cite('Gymnasium registry: mean of 100 episodes'),
  maxSteps: tuned,
};

/** StreamQ(lambda) on CartPole-v1. */
export const streamQCartPole: Recipe<StreamQConfig> = {
  id: 'stream-q-cart-pole',
  title: 'StreamQ(lambda) on CartPole-v1 to a mean of 475 over 100 episodes',
  algorithm: 'stream-q',
  env: 'CartPole-v1',
  config,
  sources,
  usual: usually(66_000, 0.25, 'docs/algorithms/stream-q.md'),
};

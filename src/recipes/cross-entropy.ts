import type { CrossEntropyConfig } from '../agents/cross-entropy-config.ts';
import { network, preprocessing, under } from './parts.ts';
import { allActions, cite, deviation, numberedActions, type Recipe, type Sources, usually } from './recipe.ts';

const lapan = (where: string) => cite(`Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., chapter 4, ${where}`);

const config = {
  preprocessing: preprocessing.none.config,
  actionMasks: false,
  network: { ...network.mlp.config, hiddenSizes: [128], dueling: false },
  batchEpisodes: 16,
  elitePercentile: 70,
  batchSize: 4096,
  learningRate: 0.01,
  optimizerEpsilon: 1e-8,
  rewardBound: 475,
  rewardWindow: 100,
  maxSteps: 1_000_000,
} as const satisfies CrossEntropyConfig;

const sources: Sources<typeof config> = {
  'preprocessing.actionBins': numberedActions,
  'preprocessing.kind': cite('Gymnasium CartPole-v1: four floats'),
  actionMasks: allActions,
  ...under('network', network.mlp.sources),
  'network.hiddenSizes': lapan('HIDDEN_SIZE'),
  'network.dueling': lapan('one layer of scores'),
  batchEpisodes: lapan('BATCH_SIZE'),
  elitePercentile: lapan('PERCENTILE'),
  batchSize: deviation(
    "Lapan, chapter 4: all of the elite's steps",
    'as many as five episodes of 500 have, and more; arrays stay of one size',
  ),
  learningRate: lapan('optim.Adam'),
  optimizerEpsilon: cite('PyTorch torch.optim.Adam, default eps'),
  rewardBound: cite('Gymnasium registry, CartPole-v1 reward_threshold'),
  rewardWindow: deviation(
    'Lapan, chapter 4: the mean of one batch',
    'the mean of 100 episodes is what the other recipes are judged by',
  ),
  maxSteps: { measured: 'docs/algorithms/cross-entropy.md' },
};

/** The cross-entropy method on CartPole-v1. */
export const crossEntropyCartPole: Recipe<CrossEntropyConfig> = {
  id: 'cross-entropy-cart-pole',
  title: 'CartPole-v1 by the cross-entropy method, the baseline of the textbooks',
  algorithm: 'cross-entropy',
  env: 'CartPole-v1',
  config,
  sources,
  usual: usually(215_000, 0.25, 'docs/algorithms/cross-entropy.md'),
};

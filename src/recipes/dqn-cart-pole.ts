import type { DqnConfig } from '../agents/dqn-config.ts';
import { changesOf, vary } from './change.ts';
import { bootstrap, network, preprocessing, replay, under, values } from './parts.ts';
import { allActions, cite, numberedActions, type Recipe, type Sources, truncated, usually } from './recipe.ts';

const tuned = { measured: 'docs/results/cart-pole.md' } as const;

const config = {
  preprocessing: preprocessing.none.config,
  clipReward: false,
  actionMasks: false,
  truncatedAsTerminal: false,
  network: { ...network.mlp.config, hiddenSizes: [128, 128] },
  values: values.scalar.config,
  bootstrap: bootstrap.double.config,
  replay: replay.uniform.config,
  environments: 1,
  gamma: 0.99,
  nStep: 4,
  batchSize: 64,
  bufferSize: 50_000,
  learningStarts: 1000,
  trainInterval: 1,
  gradientSteps: 1,
  targetUpdateInterval: 100,
  targetUpdateRate: 1,
  optimizer: 'adam',
  learningRate: 7e-4,
  learningRateFinal: 3e-5,
  learningRateDecaySteps: 60_000,
  optimizerEpsilon: 1e-8,
  gradientClipNorm: 10,
  epsilonStart: 1,
  epsilonFinal: 0.01,
  epsilonDecaySteps: 8_000,
  rewardBound: 475,
  rewardWindow: 100,
  maxSteps: 300_000,
} as const satisfies DqnConfig;

const sources: Sources<typeof config> = {
  'preprocessing.actionBins': numberedActions,
  'preprocessing.kind': cite('Gymnasium CartPole-v1: four floats'),
  clipReward: cite('every reward is 1'),
  actionMasks: allActions,
  truncatedAsTerminal: truncated,
  ...under('network', network.mlp.sources),
  'network.dueling': tuned,
  ...under('values', values.scalar.sources),
  'bootstrap.kind': tuned,
  ...under('replay', replay.uniform.sources),
  environments: cite('plain DQN (Mnih et al. 2015)'),
  gamma: cite('Mnih et al. 2015, Extended Data Table 1'),
  nStep: tuned,
  batchSize: tuned,
  bufferSize: tuned,
  learningStarts: tuned,
  trainInterval: tuned,
  gradientSteps: tuned,
  targetUpdateInterval: tuned,
  targetUpdateRate: cite('Mnih et al. 2015, Algorithm 1: the target network is a copy'),
  optimizer: cite('Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., chapter 6'),
  learningRate: tuned,
  learningRateFinal: tuned,
  learningRateDecaySteps: tuned,
  optimizerEpsilon: cite('PyTorch torch.optim.Adam, default eps'),
  gradientClipNorm: cite('Stable-Baselines3 DQN, max_grad_norm'),
  epsilonStart: tuned,
  epsilonFinal: tuned,
  epsilonDecaySteps: tuned,
  rewardBound: cite('Gymnasium registry, CartPole-v1 reward_threshold'),
  rewardWindow: cite('Gymnasium registry: mean of 100 episodes'),
  maxSteps: tuned,
};

/** CartPole-v1 to the threshold of its registry entry: a mean of 475 over 100 episodes. */
export const dqnCartPole: Recipe<DqnConfig> = {
  id: 'dqn-cart-pole',
  title: 'DQN on CartPole-v1 to a mean of 475 over 100 episodes',
  algorithm: 'dqn',
  env: 'CartPole-v1',
  config,
  sources,
  usual: usually(58_000, 0.5, 'docs/results/cart-pole.md'),
};

/** The same with values as histograms. */
export const hlGaussCartPole = vary(
  dqnCartPole,
  { id: 'hl-gauss-cart-pole', title: 'DQN with HL-Gauss values on CartPole-v1 to a mean of 195 over 100 episodes' },
  changesOf<DqnConfig>()(
    { values: { ...values['hl-gauss'].config, vMin: 0, vMax: 100 }, rewardBound: 195 },
    {
      ...under('values', values['hl-gauss'].sources),
      'values.vMin': cite('every reward is 1'),
      'values.vMax': cite('no discounted return of such rewards is above 1 / (1 - gamma)'),
      rewardBound: cite('Gymnasium registry, CartPole-v0 reward_threshold'),
    },
  ),
);

import type { DqnConfig } from '../agents/dqn-config.ts';
import { bootstrap, network, preprocessing, replay, under, values } from './parts.ts';
import {
  allActions,
  cite,
  deviation,
  numberedActions,
  type Recipe,
  type Sources,
  truncated,
  usually,
} from './recipe.ts';

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
  bufferSize: 100_000,
  learningStarts: 1000,
  trainInterval: 4,
  gradientSteps: 1,
  targetUpdateInterval: 500,
  targetUpdateRate: 1,
  optimizer: 'adam',
  learningRate: 7e-4,
  learningRateFinal: 5e-5,
  learningRateDecaySteps: 300_000,
  optimizerEpsilon: 1e-8,
  gradientClipNorm: 10,
  epsilonStart: 1,
  epsilonFinal: 0.01,
  epsilonDecaySteps: 80_000,
  rewardBound: 200,
  rewardWindow: 100,
  maxSteps: 1_000_000,
} as const satisfies DqnConfig;

const zoo = cite('RL Baselines3 Zoo, hyperparams/dqn.yml, LunarLander');
const tuned = { measured: 'docs/results/lunar-lander.md' } as const;
const sb3 = cite('Stable-Baselines3 DQN, default');

const sources: Sources<typeof config> = {
  'preprocessing.actionBins': numberedActions,
  'preprocessing.kind': cite('Gymnasium LunarLander-v3: eight floats'),
  clipReward: sb3,
  actionMasks: allActions,
  truncatedAsTerminal: truncated,
  ...under('network', network.mlp.sources),
  'network.hiddenSizes': tuned,
  ...under('values', values.scalar.sources),
  'bootstrap.kind': tuned,
  ...under('replay', replay.uniform.sources),
  environments: sb3,
  gamma: zoo,
  nStep: tuned,
  batchSize: tuned,
  bufferSize: tuned,
  learningStarts: deviation(
    'RL Baselines3 Zoo, 0',
    'a batch needs its transitions; more let it begin with several games',
  ),
  trainInterval: zoo,
  gradientSteps: tuned,
  targetUpdateInterval: tuned,
  targetUpdateRate: sb3,
  optimizer: sb3,
  learningRate: tuned,
  learningRateFinal: tuned,
  learningRateDecaySteps: tuned,
  optimizerEpsilon: sb3,
  gradientClipNorm: cite('Stable-Baselines3 DQN, max_grad_norm'),
  epsilonStart: sb3,
  epsilonFinal: deviation('RL Baselines3 Zoo, 0.1', 'the bound counts games of training, which random actions spoil'),
  epsilonDecaySteps: tuned,
  rewardBound: cite('Gymnasium registry, LunarLander-v3 reward_threshold'),
  rewardWindow: cite('Gymnasium registry: mean of 100 episodes'),
  maxSteps: deviation('RL Baselines3 Zoo, 100,000', 'trains to a bound instead of a fixed number of steps'),
};

/** LunarLander-v3, in Python, to the threshold of its registry entry: a mean of 200 over 100 episodes. */
export const dqnLunarLander: Recipe<DqnConfig> = {
  id: 'dqn-lunar-lander',
  title: 'DQN on LunarLander-v3 of Gymnasium (needs Python with gymnasium[box2d]) to a mean of 200',
  algorithm: 'dqn',
  env: 'python:LunarLander-v3',
  config,
  sources,
  usual: usually(392_000, 6.8, 'docs/results/lunar-lander.md'),
};

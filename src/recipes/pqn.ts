import type { PqnConfig } from '../agents/pqn-config.ts';
import { changesOf, vary } from './change.ts';
import { CARTRIDGE_PONG } from './dqn-pong.ts';
import { preprocessing } from './parts.ts';
import { allActions, cite, deviation, numberedActions, type Recipe, type Sources, usually } from './recipe.ts';

const gallici = (place: string) => cite(`Gallici et al. 2025, ${place}`);
const atari = gallici('their program purejaxql, pqn_atari.yaml');
const cartPole = gallici('their program purejaxql, pqn_cartpole.yaml');
const cores = (from: string) => deviation(`Gallici et al. 2025, ${from}`, 'two processor cores instead of a GPU');
const layerNorm = gallici('section 3: layer normalisation');
const noStreams = gallici('their programs: one stream');
const noNoise = gallici('their programs explore by epsilon');

const config = {
  preprocessing: {
    kind: 'atari',
    edition: 'second',
    frameSize: 42,
    noopMax: 30,
    stickyActions: 0,
    fireReset: true,
    frameSkip: 4,
    frameStack: 4,
    episodicLife: false,
  },
  clipReward: true,
  actionMasks: false,
  network: { kind: 'half-42', layerNorm: 'all', dueling: false, noisy: null, standardizeInput: false },
  gamma: 0.99,
  lambda: 0.65,
  environments: 32,
  rolloutSteps: 32,
  epochs: 2,
  minibatches: 8,
  learningRate: 2.5e-4,
  learningRateFinal: 2.5e-4,
  learningRateDecaySteps: 0,
  optimizerEpsilon: 1e-8,
  gradientClipNorm: 10,
  averageDecay: 0,
  epsilonStart: 1,
  epsilonFinal: 0.001,
  epsilonDecaySteps: 500_000,
  rewardBound: 19,
  rewardWindow: 100,
  maxSteps: 5_000_000,
} as const satisfies PqnConfig;

const sources: Sources<typeof config> = {
  'preprocessing.kind': atari,
  'preprocessing.edition': cite('Lapan, 2nd ed., chapter 6, ProcessFrame84: the playing field fills the picture'),
  'preprocessing.frameSize': cores('84x84'),
  'preprocessing.noopMax': cite('Mnih et al. 2015, Extended Data Table 1'),
  'preprocessing.stickyActions': atari,
  'preprocessing.fireReset': cite('EnvPool, use_fire_reset, default true'),
  'preprocessing.frameSkip': atari,
  'preprocessing.frameStack': atari,
  'preprocessing.episodicLife': cite('Pong has no lives'),
  clipReward: atari,
  actionMasks: allActions,
  'network.kind': cores("Nature's network"),
  'network.layerNorm': layerNorm,
  'network.dueling': noStreams,
  'network.noisy': noNoise,
  'network.standardizeInput': gallici('pqn_atari.yaml, NORM_INPUT: False'),
  gamma: atari,
  lambda: atari,
  environments: cores('128 environments'),
  rolloutSteps: atari,
  epochs: atari,
  minibatches: deviation('Gallici et al. 2025, 32 minibatches of 128', 'the same size for a rollout a quarter as long'),
  learningRate: atari,
  learningRateFinal: gallici('pqn_atari.yaml, LR_LINEAR_DECAY: False'),
  learningRateDecaySteps: gallici('pqn_atari.yaml, LR_LINEAR_DECAY: False'),
  optimizerEpsilon: cite('optax.radam, default eps'),
  gradientClipNorm: atari,
  averageDecay: gallici('weights as they are'),
  epsilonStart: atari,
  epsilonFinal: atari,
  epsilonDecaySteps: gallici('pqn_atari.yaml, EPS_DECAY: a tenth of the run'),
  rewardBound: cite('Lapan, 3rd ed., chapter 6, dqn_pong.py, MEAN_REWARD_BOUND'),
  rewardWindow: cite('Lapan, 3rd ed., chapter 6, dqn_pong.py: mean of the last 100 games'),
  maxSteps: deviation('pqn_atari.yaml, 10 million', 'half, and epsilon falls in half the time'),
};

/** PQN on built-in Pong. */
export const pqnPong: Recipe<PqnConfig> = {
  id: 'pqn-pong',
  title: 'PQN on Pong: parallel environments, no replay, no target network',
  algorithm: 'pqn',
  env: 'bellman/Pong-v0',
  alsoFor: CARTRIDGE_PONG,
  config,
  sources,
  runShares: { epsilonDecaySteps: 0.1 },
};

/** PQN on CartPole-v1. */
export const pqnCartPole = vary(
  pqnPong,
  {
    id: 'pqn-cart-pole',
    title: 'PQN on CartPole-v1 to a mean of 475 over 100 episodes',
    env: 'CartPole-v1',
    usual: usually(126_000, 5 / 60, 'docs/algorithms/pqn.md'),
    alsoFor: [],
    runShares: { learningRateDecaySteps: 1, epsilonDecaySteps: 0.2 },
  },
  changesOf<PqnConfig>()(
    {
      preprocessing: preprocessing.none.config,
      clipReward: false,
      network: { kind: 'mlp', hiddenSizes: [128, 128], layerNorm: 'all', dueling: false, noisy: null },
      lambda: 0.95,
      environments: 32,
      rolloutSteps: 64,
      epochs: 4,
      minibatches: 16,
      learningRate: 1e-3,
      learningRateFinal: 1e-5,
      learningRateDecaySteps: 500_000,
      epsilonFinal: 0.05,
      epsilonDecaySteps: 100_000,
      rewardBound: 475,
      maxSteps: 500_000,
    },
    {
      'preprocessing.actionBins': numberedActions,
      'preprocessing.kind': cite('Gymnasium CartPole-v1: four floats'),
      clipReward: cite('every reward is 1'),
      'network.kind': cartPole,
      'network.hiddenSizes': cores('two layers of 256'),
      'network.layerNorm': layerNorm,
      'network.dueling': noStreams,
      'network.noisy': noNoise,
      lambda: cartPole,
      environments: cartPole,
      rolloutSteps: cartPole,
      epochs: cartPole,
      minibatches: cartPole,
      learningRate: deviation(
        'pqn_cartpole.yaml, 1e-4 with rewards times 0.1',
        'rewards as they are, and half the width',
      ),
      learningRateFinal: cartPole,
      learningRateDecaySteps: cartPole,
      epsilonFinal: deviation('pqn_cartpole.yaml, 0.2', 'the mean of training episodes is what ends a run here'),
      epsilonDecaySteps: gallici('pqn_cartpole.yaml, EPS_DECAY: a fifth of the run'),
      rewardBound: cite('Gymnasium registry, CartPole-v1 reward_threshold'),
      maxSteps: cartPole,
    },
  ),
);

import type { PqnConfig } from '../agents/pqn-config.ts';
import { pqnPong } from './pqn.ts';
import { cite, measured, type Recipe } from './recipe.ts';

const page = measured('docs/results/pong.md');

/**
 * Pong in minutes on an ordinary machine without a GPU: PQN, which needs a tenth of DQN's computation for each step
 * played, on a small standardised picture.
 */
export const pongFast = {
  ...pqnPong,
  id: 'pong-fast',
  title: 'Pong in minutes on two CPU cores: PQN on standardised 42x42 pictures',
  config: {
    ...pqnPong.config,
    standardizeInput: true,
    layerNorm: 'dense',
    lambda: 0.9,
    minibatches: 16,
    learningRate: 5e-4,
    learningRateFinal: 1e-5,
    learningRateDecaySteps: 1_200_000,
    averageDecay: 0.9995,
    epsilonFinal: 0.01,
    epsilonDecaySteps: 100_000,
    maxSteps: 3_000_000,
  },
  sources: {
    ...pqnPong.sources,
    standardizeInput: page,
    layerNorm: page,
    lambda: page,
    minibatches: page,
    learningRate: page,
    learningRateFinal: page,
    learningRateDecaySteps: page,
    averageDecay: page,
    epsilonFinal: cite("the evaluation's own share of random actions"),
    epsilonDecaySteps: page,
    maxSteps: page,
  },
} as const satisfies Recipe<PqnConfig>;

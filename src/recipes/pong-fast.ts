import type { PqnConfig } from '../agents/pqn-config.ts';
import { changesOf, vary } from './change.ts';
import { pqnPong } from './pqn.ts';
import { cite, measured, usually } from './recipe.ts';

const page = measured('docs/results/pong.md');
const change = changesOf<PqnConfig>();

/**
 * Pong in minutes on an ordinary machine without a GPU: PQN, which needs a tenth of DQN's computation for each step
 * played, on a small standardised picture.
 */
export const pongFast = vary(
  pqnPong,
  {
    id: 'pong-fast',
    title: 'Pong in minutes on two CPU cores: PQN on standardised 42x42 pictures',
    usual: usually(890_000, 5.5, 'docs/results/pong.md', 'PongNoFrameskip-v4'),
  },
  change(
    {
      network: { layerNorm: 'dense', standardizeInput: true },
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
    {
      'network.layerNorm': page,
      'network.standardizeInput': page,
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
  ),
);

/** Built-in Pong, whose serves vary, so that no game can be learned by heart: the same for longer. */
export const pongBuiltIn = vary(
  pongFast,
  {
    id: 'pong-built-in',
    title: 'Built-in Pong, whose serves vary: pong-fast for longer',
    usual: usually(2_950_000, 12.8, 'docs/results/pong.md'),
  },
  change(
    { learningRateDecaySteps: 3_000_000, rewardBound: 18, maxSteps: 4_000_000 },
    { learningRateDecaySteps: page, rewardBound: page, maxSteps: page },
  ),
);

/**
 * "The Ultimate Pong Dominator" (Lapan, 3rd ed., chapter 6, last exercise: a mean score of 21): the same with a learning
 * rate and an epsilon that fall for longer, until training games have a mean of 20.5. One action in a hundred is random in
 * them, which costs the half point; without it the game is won by 21 to 0. With exploration as short as in `pong-fast`, one
 * seed of two settled for long rallies that lose a point.
 */
export const pongDominator = vary(
  pongBuiltIn,
  {
    id: 'pong-dominator',
    title: 'The Ultimate Pong Dominator: a longer run, until next to no point is lost',
    usual: usually(2_300_000, 21.6, 'docs/results/pong.md', 'PongNoFrameskip-v4'),
  },
  change({ epsilonDecaySteps: 1_000_000, rewardBound: 20.5 }, { epsilonDecaySteps: page, rewardBound: page }),
);

import type { DqnConfig } from '../agents/dqn-config.ts';
import { changesOf, vary } from './change.ts';
import { dqnPongFast } from './dqn-pong-fast.ts';
import { cite, deviation, type Recipe } from './recipe.ts';
import { nStepChange, prioritizedChange } from './variants.ts';

const horgan = (place: string) => cite(`Horgan et al. 2018, ${place}`);
const constant = horgan('section 4.1: each actor explores with an epsilon of its own that stays');
const change = changesOf<DqnConfig>();

/** Ape-X DQN (Horgan et al. 2018) of a size for one machine, on the small pictures of `dqn-pong-fast`. */
export const apexPong: Recipe<DqnConfig> = {
  ...vary(
    dqnPongFast,
    { id: 'apex-pong', title: 'Ape-X on Pong: actors play, prioritized replay and learner in one place' },
    prioritizedChange,
    nStepChange,
    change(
      {
        replay: { betaFinal: 0.4, betaSteps: 0 },
        environments: 16,
        epsilonStart: 0.4,
        epsilonFinal: 0.4,
        epsilonDecaySteps: 0,
        trainInterval: 4,
        gradientClipNorm: 40,
      },
      {
        'replay.betaFinal': horgan('Appendix C, importance sampling exponent 0.4'),
        'replay.betaSteps': horgan('Appendix C, it stays'),
        environments: deviation('Horgan et al. 2018, section 4.1: 360 actors of one environment', 'one machine'),
        epsilonStart: horgan('section 4.1: epsilon 0.4'),
        epsilonFinal: constant,
        epsilonDecaySteps: constant,
        trainInterval: deviation(
          'Horgan et al. 2018, section 4.1: 19 batches of 512 a second for 12,500 transitions, each drawn 0.8 times',
          'with batches of 32 each is drawn eight times: play is dear on one machine',
        ),
        gradientClipNorm: horgan('Appendix C, gradient norms are clipped to 40'),
      },
    ),
  ),
  actors: {
    settings: { actors: 4, steps: 25, lag: 1, epsilonSpread: 7 },
    sources: {
      actors: deviation('Horgan et al. 2018, section 4.1: 360 actors', 'one machine; four environments each'),
      steps: deviation(
        'Horgan et al. 2018, Appendix C: weights are copied every 400 frames, 100 steps',
        'four environments play as many transitions between two copies',
      ),
      lag: deviation(
        'Horgan et al. 2018, Algorithm 1: copied from time to time, of no stated age',
        'an age that is known',
      ),
      epsilonSpread: horgan('section 4.1: alpha 7'),
    },
  },
};

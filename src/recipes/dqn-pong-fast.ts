import type { DqnConfig } from '../agents/dqn-config.ts';
import { changesOf, vary } from './change.ts';
import { dqnPong } from './dqn-pong.ts';
import { cite, deviation, measured } from './recipe.ts';

const page = measured('docs/results/pong.md');
const book = (what: string) => `the book's Pong, ${what}`;
const chapter8 = cite('Lapan, Deep Reinforcement Learning Hands-On, chapter 8: what pays on Pong');

/** Pong in few steps by DQN: a small standardised picture, a small network, and the extensions that pay. */
export const dqnPongFast = vary(
  dqnPong,
  {
    id: 'dqn-pong-fast',
    title: 'Pong in few steps: standardised 42x42 pictures, a small network, double, dueling, 5-step returns',
  },
  changesOf<DqnConfig>()(
    {
      preprocessing: { edition: 'second', frameSize: 42, noopMax: 30, episodicLife: false },
      network: { kind: 'half-42', layerNorm: 'none', dueling: true, noisy: null, standardizeInput: true },
      bootstrap: { kind: 'double' },
      gamma: 0.98,
      nStep: 5,
      bufferSize: 100_000,
      learningStarts: 2000,
      targetUpdateInterval: 500,
      learningRate: 2.5e-4,
      learningRateFinal: 1e-4,
      learningRateDecaySteps: 300_000,
      epsilonFinal: 0.02,
      epsilonDecaySteps: 30_000,
      maxSteps: 1_000_000,
    },
    {
      'preprocessing.edition': cite('Lapan, 2nd ed., chapter 6, ProcessFrame84: the playing field fills the picture'),
      'preprocessing.frameSize': deviation(book('84'), 'a quarter of the pixels, and the ball is still seen'),
      'preprocessing.noopMax': cite('Mnih et al. 2015, Extended Data Table 1'),
      'preprocessing.episodicLife': cite('Pong has no lives'),
      'network.kind': page,
      'network.layerNorm': cite('plain DQN (Mnih et al. 2015)'),
      'network.dueling': chapter8,
      'network.noisy': page,
      'network.standardizeInput': page,
      'bootstrap.kind': chapter8,
      gamma: chapter8,
      nStep: page,
      bufferSize: chapter8,
      learningStarts: deviation(book('10000'), 'learning is seen sooner'),
      targetUpdateInterval: page,
      learningRate: page,
      learningRateFinal: page,
      learningRateDecaySteps: page,
      epsilonFinal: cite('Lapan, 2nd ed., chapter 6, EPSILON_FINAL'),
      epsilonDecaySteps: deviation(
        book('150000'),
        'a random player of Pong shows little that is new after a few dozen games',
      ),
      maxSteps: page,
    },
  ),
);

import type { DqnConfig } from '../agents/dqn-config.ts';
import { dqnPong } from './dqn-pong.ts';
import { cite, deviation, type Recipe } from './recipe.ts';

/**
 * The members of DQN's family as changes to any plain DQN: the values of their papers, and where each is found. Pong's
 * recipes below apply them to the book's Pong, as its chapter 8 does; `bench/family.ts` to CartPole.
 */
const wang = cite('Wang et al. 2016, Eq. 9');
const hasselt = cite('van Hasselt et al. 2016, Eq. 4');
const fortunato = (place: string) => cite(`Fortunato et al. 2018, ${place}`);
const schaul = (place: string) => cite(`Schaul et al. 2016, ${place}`);
const bellemare = (place: string) => cite(`Bellemare et al. 2017, ${place}`);
const dabney = (place: string) => cite(`Dabney et al. 2018, ${place}`);
const vieillard = (place: string) => cite(`Vieillard et al. 2020, ${place}`);
const hessel = (place: string) => cite(`Hessel et al. 2018, ${place}`);
const chapter8 = (place: string) => cite(`Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., chapter 8, ${place}`);

/** Part of a configuration, with a source for each of its values. */
interface Change<K extends keyof DqnConfig = keyof DqnConfig> {
  readonly config: Pick<DqnConfig, K>;
  readonly sources: Recipe<Pick<DqnConfig, K>>['sources'];
}

const change = <K extends keyof DqnConfig>(config: Pick<DqnConfig, K>, sources: Change<K>['sources']): Change<K> => ({
  config,
  sources,
});

export const nStepChange = change({ nStep: 3 }, { nStep: hessel('Table 1, multi-step returns n') });
export const doubleChange = change({ doubleQ: true }, { doubleQ: hasselt });
export const duelingChange = change({ dueling: true }, { dueling: wang });
export const noisyChange = change(
  { noisy: true, noisySigma: 0.5, epsilonStart: 0, epsilonFinal: 0, epsilonDecaySteps: 0 },
  {
    noisy: fortunato('section 3.1'),
    noisySigma: fortunato('section 3.2, sigma0 for factorised noise'),
    epsilonStart: fortunato('section 3.1: no epsilon-greedy'),
    epsilonFinal: fortunato('section 3.1: no epsilon-greedy'),
    epsilonDecaySteps: fortunato('section 3.1: no epsilon-greedy'),
  },
);
export const prioritizedChange = change(
  {
    replay: 'prioritized',
    priorityAlpha: 0.6,
    priorityBetaStart: 0.4,
    priorityBetaFinal: 1,
    priorityBetaSteps: 100_000,
    priorityEpsilon: 1e-6,
  },
  {
    replay: schaul('section 3.3, proportional'),
    priorityAlpha: schaul('section 4, proportional variant'),
    priorityBetaStart: schaul('section 4, proportional variant'),
    priorityBetaFinal: schaul('section 3.4'),
    priorityBetaSteps: chapter8('BETA_FRAMES'),
    priorityEpsilon: schaul('Eq. 1: a small positive constant'),
  },
);
export const categoricalChange = change(
  { values: 'categorical', atoms: 51, vMin: -10, vMax: 10, loss: 'cross-entropy' },
  {
    values: bellemare('section 4'),
    atoms: bellemare('section 5.1'),
    vMin: bellemare('section 5'),
    vMax: bellemare('section 5'),
    loss: bellemare('Algorithm 1'),
  },
);
export const quantileChange = change(
  { values: 'quantile', quantiles: 200, loss: 'huber' },
  { values: dabney('section 3'), quantiles: dabney('section 5.2'), loss: dabney('Eq. 10, kappa 1') },
);
export const munchausenChange = change(
  { munchausenAlpha: 0.9, munchausenTemperature: 0.03, munchausenClip: -1, loss: 'huber' },
  {
    munchausenAlpha: vieillard('section 4'),
    munchausenTemperature: vieillard('section 4'),
    munchausenClip: vieillard('section 4'),
    loss: vieillard('Appendix B.1: Huber loss'),
  },
);
const parts = { ...nStepChange.config, ...doubleChange.config, ...duelingChange.config, ...noisyChange.config };
const partSources = {
  ...nStepChange.sources,
  ...doubleChange.sources,
  ...duelingChange.sources,
  ...noisyChange.sources,
};
/** All of the above but quantiles and Munchausen's term, with Rainbow's own exponent of priorities. */
export const rainbowChange = change(
  { ...parts, ...prioritizedChange.config, ...categoricalChange.config, priorityAlpha: 0.5 },
  {
    ...partSources,
    ...prioritizedChange.sources,
    ...categoricalChange.sources,
    priorityAlpha: hessel('Table 1, prioritization exponent'),
  },
);

/** The book's Pong with one change. */
function onPong<K extends keyof DqnConfig>(id: string, title: string, { config, sources }: Change<K>) {
  return {
    ...dqnPong,
    id,
    title,
    config: { ...dqnPong.config, ...config },
    sources: { ...dqnPong.sources, ...sources },
  } satisfies Recipe<DqnConfig>;
}

export const nStepDqnPong = onPong('n-step-dqn-pong', "The book's Pong with 3-step returns", nStepChange);
export const doubleDqnPong = onPong('double-dqn-pong', "The book's Pong with double Q-learning", doubleChange);
export const duelingDqnPong = onPong('dueling-dqn-pong', "The book's Pong with a dueling network", duelingChange);
export const noisyDqnPong = onPong('noisy-dqn-pong', "The book's Pong with noisy networks", noisyChange);
export const perDqnPong = onPong('per-dqn-pong', "The book's Pong with prioritized replay", prioritizedChange);
export const c51Pong = onPong('c51-pong', "The book's Pong with categorical values", categoricalChange);
export const qrDqnPong = onPong('qr-dqn-pong', "The book's Pong with quantile values", quantileChange);
export const munchausenPong = onPong('munchausen-pong', "The book's Pong with Munchausen DQN", munchausenChange);
export const rainbowPong = onPong('rainbow-pong', "The book's Pong with Rainbow", {
  config: { ...rainbowChange.config, learningRate: 6.25e-5, learningRateFinal: 6.25e-5 },
  sources: {
    ...rainbowChange.sources,
    learningRate: hessel('Table 1, Adam learning rate'),
    learningRateFinal: hessel('Table 1: no decay'),
  },
});

/** Every member on Pong. */
export const familyRecipes = [
  nStepDqnPong,
  doubleDqnPong,
  duelingDqnPong,
  noisyDqnPong,
  perDqnPong,
  c51Pong,
  qrDqnPong,
  munchausenPong,
  rainbowPong,
] as const;

const nature = (place: string) => cite(`Mnih et al. 2015, ${place}`);
const table = nature('Extended Data Table 1');

/** DQN as in Nature, on Breakout; the games below differ in nothing but the cartridge. */
export const dqnBreakout = {
  ...dqnPong,
  id: 'dqn-breakout',
  title: "Breakout with Nature's settings, a million transitions in memory",
  env: 'BreakoutNoFrameskip-v4',
  alsoFor: ['ALE/Breakout-v5'],
  config: {
    ...dqnPong.config,
    noopMax: 30,
    clipReward: true,
    bufferSize: 1_000_000,
    replayCompression: 'lz',
    learningStarts: 50_000,
    trainInterval: 4,
    targetUpdateInterval: 10_000,
    optimizer: 'rmsprop',
    learningRate: 2.5e-4,
    learningRateFinal: 2.5e-4,
    optimizerEpsilon: 0.01,
    loss: 'huber',
    epsilonFinal: 0.1,
    epsilonDecaySteps: 1_000_000,
    rewardBound: 400,
    maxSteps: 50_000_000,
  },
  sources: {
    ...dqnPong.sources,
    noopMax: table,
    clipReward: nature('Methods, Training details'),
    bufferSize: table,
    replayCompression: cite('docs/results/replay.md: what a million transitions take'),
    learningStarts: table,
    trainInterval: table,
    targetUpdateInterval: deviation(
      'Mnih et al. 2015, Extended Data Table 1: 10000 "parameter updates"',
      'counted in environment steps, as in their released program',
    ),
    optimizer: table,
    learningRate: table,
    learningRateFinal: nature('Extended Data Table 1: no decay'),
    optimizerEpsilon: table,
    loss: nature('Methods: error clipped to [-1, 1]'),
    epsilonFinal: table,
    epsilonDecaySteps: table,
    rewardBound: nature('Extended Data Table 2, DQN: 401.2'),
    maxSteps: nature('Methods: 50 million frames of agent steps'),
  },
} as const satisfies Recipe<DqnConfig>;

function onGame(id: string, game: string, rewardBound: number, score: string) {
  return {
    ...dqnBreakout,
    id,
    title: `${game} with Nature's settings, a million transitions in memory`,
    env: `${game}NoFrameskip-v4`,
    alsoFor: [`ALE/${game}-v5`],
    config: { ...dqnBreakout.config, rewardBound },
    sources: { ...dqnBreakout.sources, rewardBound: nature(`Extended Data Table 2, DQN: ${score}`) },
  } satisfies Recipe<DqnConfig>;
}

export const dqnAtlantis = onGame('dqn-atlantis', 'Atlantis', 85_000, '85641');
export const dqnRiverRaid = onGame('dqn-river-raid', 'Riverraid', 8300, '8316');

export const atariRecipes = [dqnBreakout, dqnAtlantis, dqnRiverRaid] as const;

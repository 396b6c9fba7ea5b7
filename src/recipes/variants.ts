import type { DqnConfig } from '../agents/dqn-config.ts';
import { changesOf, vary } from './change.ts';
import { dqnCartPole } from './dqn-cart-pole.ts';
import { CARTRIDGE_PONG, dqnPong } from './dqn-pong.ts';
import { bootstrap, noisyPreset, replay, under, values } from './parts.ts';
import { cite, deviation } from './recipe.ts';

/**
 * The variants of DQN as changes to any plain DQN: the values of their papers, and where each is found. Pong's recipes
 * below apply them to the book's Pong, as its chapter 8 does; `bench/family.ts` to CartPole.
 */
const fortunato = cite('Fortunato et al. 2018, section 3.1: no epsilon-greedy');
const hessel = (place: string) => cite(`Hessel et al. 2018, ${place}`);
const change = changesOf<DqnConfig>();

export const nStepChange = change({ nStep: 3 }, { nStep: hessel('Table 1, multi-step returns n') });
export const doubleChange = change(
  { bootstrap: bootstrap.double.config },
  { ...under('bootstrap', bootstrap.double.sources) },
);
export const duelingChange = change(
  { network: { dueling: true } },
  { 'network.dueling': cite('Wang et al. 2016, Eq. 9') },
);
export const noisyChange = change(
  { network: noisyPreset.config, epsilonStart: 0, epsilonFinal: 0, epsilonDecaySteps: 0 },
  {
    ...under('network', noisyPreset.sources),
    epsilonStart: fortunato,
    epsilonFinal: fortunato,
    epsilonDecaySteps: fortunato,
  },
);
export const prioritizedChange = change(
  { replay: replay.prioritized.config },
  { ...under('replay', replay.prioritized.sources) },
);
export const categoricalChange = change(
  { values: values.categorical.config },
  { ...under('values', values.categorical.sources) },
);
export const hlGaussChange = change(
  { values: values['hl-gauss'].config },
  { ...under('values', values['hl-gauss'].sources) },
);
export const quantileChange = change(
  { values: values.quantile.config },
  { ...under('values', values.quantile.sources) },
);
export const implicitChange = change(
  { values: values.implicit.config },
  { ...under('values', values.implicit.sources) },
);
export const munchausenChange = change(
  { bootstrap: bootstrap.munchausen.config, values: values.scalar.config },
  {
    ...under('bootstrap', bootstrap.munchausen.sources),
    ...under('values', values.scalar.sources),
    'values.loss': cite('Vieillard et al. 2020, Appendix B.1: Huber loss'),
  },
);
/** Rainbow's parts, in the order in which they are made. */
export const rainbowChanges = [
  nStepChange,
  doubleChange,
  duelingChange,
  noisyChange,
  prioritizedChange,
  categoricalChange,
  change({ replay: { alpha: 0.5 } }, { 'replay.alpha': hessel('Table 1, prioritization exponent') }),
] as const;

export const nStepDqnPong = vary(
  dqnPong,
  { id: 'n-step-dqn-pong', title: "The book's Pong with 3-step returns" },
  nStepChange,
);
export const doubleDqnPong = vary(
  dqnPong,
  { id: 'double-dqn-pong', title: "The book's Pong with double Q-learning" },
  doubleChange,
);
export const duelingDqnPong = vary(
  dqnPong,
  { id: 'dueling-dqn-pong', title: "The book's Pong with a dueling network" },
  duelingChange,
);
export const noisyDqnPong = vary(
  dqnPong,
  { id: 'noisy-dqn-pong', title: "The book's Pong with noisy networks" },
  noisyChange,
);
export const perDqnPong = vary(
  dqnPong,
  { id: 'per-dqn-pong', title: "The book's Pong with prioritized replay" },
  prioritizedChange,
);
export const c51Pong = vary(
  dqnPong,
  { id: 'c51-pong', title: "The book's Pong with categorical values" },
  categoricalChange,
);
export const qrDqnPong = vary(
  dqnPong,
  { id: 'qr-dqn-pong', title: "The book's Pong with quantile values" },
  quantileChange,
);
export const munchausenPong = vary(
  dqnPong,
  { id: 'munchausen-pong', title: "The book's Pong with Munchausen DQN" },
  munchausenChange,
);
export const rainbowPong = vary(
  dqnPong,
  { id: 'rainbow-pong', title: "The book's Pong with Rainbow" },
  ...rainbowChanges,
  change(
    { learningRate: 6.25e-5, learningRateFinal: 6.25e-5 },
    { learningRate: hessel('Table 1, Adam learning rate'), learningRateFinal: hessel('Table 1: no decay') },
  ),
);

export const iqnPong = vary(
  dqnPong,
  { id: 'iqn-pong', title: "The book's Pong with implicit quantiles" },
  implicitChange,
);

/** IQN on vectors, where a few fractions do as well as many: the paper's Figure 2 has 8 close to 64. */
export const iqnCartPole = vary(
  dqnCartPole,
  { id: 'iqn-cart-pole', title: 'IQN on CartPole-v1 to a mean of 195 over 100 episodes' },
  implicitChange,
  change(
    { values: { taus: 8, targetTaus: 8 }, bootstrap: bootstrap.greedy.config, rewardBound: 195 },
    {
      'values.taus': cite('Dabney et al. 2018, Implicit Quantile Networks, Figure 2: N = 8'),
      'values.targetTaus': cite("Dabney et al. 2018, Implicit Quantile Networks, Figure 2: N' = 8"),
      'bootstrap.kind': cite('Dabney et al. 2018, Implicit Quantile Networks, Eq. 2'),
      rewardBound: cite('Gymnasium registry, CartPole-v0 reward_threshold'),
    },
  ),
);

/** Every variant on Pong. */
export const variantRecipes = [
  nStepDqnPong,
  doubleDqnPong,
  duelingDqnPong,
  noisyDqnPong,
  perDqnPong,
  c51Pong,
  qrDqnPong,
  iqnPong,
  munchausenPong,
  rainbowPong,
] as const;

const nature = (place: string) => cite(`Mnih et al. 2015, ${place}`);
const table = nature('Extended Data Table 1');

/** DQN as in Nature, on Breakout; the games below differ in nothing but the cartridge. */
export const dqnBreakout = vary(
  dqnPong,
  {
    id: 'dqn-breakout',
    title: "Breakout with Nature's settings, a million transitions in memory",
    env: 'BreakoutNoFrameskip-v4',
    alsoFor: ['ALE/Breakout-v5'],
  },
  change(
    {
      preprocessing: { noopMax: 30 },
      clipReward: true,
      values: { loss: 'huber' },
      bufferSize: 1_000_000,
      replay: { compression: 'lz' },
      learningStarts: 50_000,
      trainInterval: 4,
      targetUpdateInterval: 10_000,
      optimizer: 'rmsprop',
      learningRate: 2.5e-4,
      learningRateFinal: 2.5e-4,
      optimizerEpsilon: 0.01,
      epsilonFinal: 0.1,
      epsilonDecaySteps: 1_000_000,
      rewardBound: 400,
      maxSteps: 50_000_000,
    },
    {
      'preprocessing.noopMax': table,
      clipReward: nature('Methods, Training details'),
      'values.loss': nature('Methods: error clipped to [-1, 1]'),
      bufferSize: table,
      'replay.compression': cite('docs/results/replay.md: what a million transitions take'),
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
      epsilonFinal: table,
      epsilonDecaySteps: table,
      rewardBound: nature('Extended Data Table 2, DQN: 401.2'),
      maxSteps: nature('Methods: 50 million frames of agent steps'),
    },
  ),
);

const onGame = (id: string, game: string, rewardBound: number, score: string) =>
  vary(
    dqnBreakout,
    {
      id,
      title: `${game} with Nature's settings, a million transitions in memory`,
      env: `${game}NoFrameskip-v4`,
      alsoFor: [`ALE/${game}-v5`],
    },
    change({ rewardBound }, { rewardBound: nature(`Extended Data Table 2, DQN: ${score}`) }),
  );

export const dqnAtlantis = onGame('dqn-atlantis', 'Atlantis', 85_000, '85641');
export const dqnRiverRaid = onGame('dqn-river-raid', 'Riverraid', 8300, '8316');

/** Nature's settings on Pong: on the built-in game, and with `--env` on the cartridge. */
export const dqnPongNature = vary(
  dqnBreakout,
  {
    id: 'dqn-pong-nature',
    title: "Pong with Nature's settings, a million transitions in memory",
    env: dqnPong.env,
    alsoFor: CARTRIDGE_PONG,
  },
  change({ rewardBound: 18 }, { rewardBound: nature('Extended Data Table 2, DQN: 18.9') }),
);

export const atariRecipes = [dqnBreakout, dqnAtlantis, dqnRiverRaid, dqnPongNature] as const;

/** Recipes for any Atari game, on the whole screen: `bellman train atari-fast --env SeaquestNoFrameskip-v4`. */
import type { DqnConfig } from '../agents/dqn-config.ts';
import type { PqnConfig } from '../agents/pqn-config.ts';
import { changesOf, vary } from './change.ts';
import { protocol, under, values } from './parts.ts';
import { pqnPong } from './pqn.ts';
import { cite, deviation, measured } from './recipe.ts';
import { categoricalChange, dqnBreakout, nStepChange, prioritizedChange } from './variants.ts';

const gallici = (place: string) => cite(`Gallici et al. 2025, ${place}`);
const envpool = gallici('their program purejaxql, pqn_atari.yaml');
const cleanrl = cite('vwxyzjn/cleanrl, cleanrl/pqn_atari_envpool.py');
const dopamine = cite('google/dopamine, jax/agents/rainbow/configs/rainbow.gin');
const toTheEnd = cite('no bound is known for every game');
const tenMillion = cite('10 million steps are 40 million frames, as CleanRL and rl-zoo train');

const changePqn = changesOf<PqnConfig>();
const changeDqn = changesOf<DqnConfig>();

/** PQN on a small picture of the whole screen: what two processor cores do in the time that the paper's takes on a GPU. */
export const atariFast = vary(
  pqnPong,
  {
    id: 'atari-fast',
    title: 'Any Atari game on two CPU cores: PQN on 52x52 pictures of the whole screen',
    env: 'BreakoutNoFrameskip-v4',
    alsoFor: [],
    anyGame: true,
    runShares: { learningRateDecaySteps: 1, epsilonDecaySteps: 0.1 },
  },
  changePqn(
    {
      preprocessing: { edition: 'third', frameSize: 52, episodicLife: true, ...protocol['no-ops'].config },
      network: { layerNorm: 'dense', standardizeInput: true },
      lambda: 0.65,
      minibatches: 16,
      learningRate: 5e-4,
      learningRateFinal: 1e-5,
      learningRateDecaySteps: 10_000_000,
      averageDecay: 0.9995,
      epsilonFinal: 0.01,
      epsilonDecaySteps: 1_000_000,
      rewardBound: null,
      maxSteps: 10_000_000,
    },
    {
      'preprocessing.edition': cite(
        "the whole screen: Mnih et al. 2015, Methods; the second edition's crop is Pong's field",
      ),
      'preprocessing.frameSize': deviation(
        'Gallici et al. 2025, 84x84',
        'two processor cores: a tenth of the time of 84x84, and ahead of 42x42 on three games (docs/results/atari-fast.md)',
      ),
      'preprocessing.episodicLife': envpool,
      ...under('preprocessing', protocol['no-ops'].sources),
      'network.layerNorm': measured('docs/results/pong.md'),
      'network.standardizeInput': measured('docs/results/pong.md'),
      lambda: cleanrl,
      minibatches: measured('docs/results/pong.md'),
      learningRate: measured('docs/results/pong.md'),
      learningRateFinal: deviation(
        'CleanRL: a straight line to 0',
        'as in pong-fast, where the last steps still learn',
      ),
      learningRateDecaySteps: cleanrl,
      averageDecay: measured('docs/results/pong.md'),
      epsilonFinal: cleanrl,
      epsilonDecaySteps: cite('vwxyzjn/cleanrl, exploration_fraction: a tenth of the run'),
      rewardBound: toTheEnd,
      maxSteps: cleanrl,
    },
  ),
);

/** Nature's DQN, an update every four steps. */
export const atariDqn = vary(
  dqnBreakout,
  {
    id: 'atari-dqn',
    title: "Any Atari game with Nature's DQN, a million transitions in memory",
    alsoFor: [],
    anyGame: true,
  },
  changeDqn(
    { preprocessing: protocol['no-ops'].config, rewardBound: null, maxSteps: 10_000_000 },
    { ...under('preprocessing', protocol['no-ops'].sources), rewardBound: toTheEnd, maxSteps: tenMillion },
  ),
);

/** Rainbow as in Dopamine: three-step returns, prioritized replay and 51 atoms, without the other three parts. */
export const atariRainbow = vary(
  atariDqn,
  {
    id: 'atari-rainbow',
    title: "Any Atari game with Dopamine's Rainbow: 3 steps, priorities, 51 atoms",
    alsoFor: [],
    anyGame: true,
  },
  nStepChange,
  prioritizedChange,
  categoricalChange,
  changeDqn(
    {
      preprocessing: { episodicLife: false, ...protocol.sticky.config },
      values: values.categorical.config,
      replay: { compression: 'lz', alpha: 0.5, betaStart: 0.5, betaFinal: 0.5, betaSteps: 0 },
      learningStarts: 20_000,
      targetUpdateInterval: 8000,
      optimizer: 'adam',
      learningRate: 6.25e-5,
      learningRateFinal: 6.25e-5,
      optimizerEpsilon: 1.5e-4,
      epsilonFinal: 0.01,
      epsilonDecaySteps: 250_000,
    },
    {
      'preprocessing.episodicLife': cite('google/dopamine, discrete_domains/atari_lib.py: terminal_on_life_loss=False'),
      ...under('preprocessing', protocol.sticky.sources),
      ...under('values', values.categorical.sources),
      'replay.compression': cite('docs/results/replay.md: what a million transitions take'),
      'replay.alpha': cite('google/dopamine, jax/agents/rainbow/rainbow_agent.py: priorities are roots of losses'),
      'replay.betaStart': cite(
        'google/dopamine, jax/agents/rainbow/rainbow_agent.py: weights 1/sqrt(P), from first to last',
      ),
      'replay.betaFinal': cite(
        'google/dopamine, jax/agents/rainbow/rainbow_agent.py: weights 1/sqrt(P), from first to last',
      ),
      'replay.betaSteps': cite('not used: beta stays as it is'),
      learningStarts: dopamine,
      targetUpdateInterval: dopamine,
      optimizer: dopamine,
      learningRate: dopamine,
      learningRateFinal: cite('google/dopamine, jax/agents/rainbow/configs/rainbow.gin: no decay'),
      optimizerEpsilon: dopamine,
      epsilonFinal: dopamine,
      epsilonDecaySteps: deviation(
        'google/dopamine, epsilon_decay_period 250000 after the first 20000 steps',
        'counted from the first step on',
      ),
    },
  ),
);

export const anyGameRecipes = [atariFast, atariDqn, atariRainbow] as const;

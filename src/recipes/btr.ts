/**
 * BTR, "Beyond The Rainbow" (Clark et al. 2025): Rainbow's n-step returns, dueling and noisy layers and prioritized replay,
 * with implicit quantiles in place of atoms, Munchausen's target in place of double Q-learning, the Impala network and 64
 * environments. For any Atari game, and for a graphics card: an update is some 500 billion multiply-adds.
 */
import type { DqnConfig } from '../agents/dqn-config.ts';
import { atariDqn } from './any-game.ts';
import { changesOf, vary } from './change.ts';
import { bootstrap, network, protocol, replay, under, values } from './parts.ts';
import { cite, deviation } from './recipe.ts';
import { nStepChange } from './variants.ts';

const clark = (place: string) => cite(`Clark et al. 2025, ${place}`);
const table = clark('hyper-parameter table');
/** VIPTankz/BeyondTheRainbowICML at 0e08f8b. */
const program = (place: string) => clark(`their program, ${place}`);

export const btr = vary(
  atariDqn,
  {
    id: 'btr',
    title: 'Any Atari game with BTR, "Beyond The Rainbow", on a graphics card',
    alsoFor: [],
    anyGame: true,
    runShares: { 'replay.betaSteps': 1 },
  },
  nStepChange,
  changesOf<DqnConfig>()(
    {
      preprocessing: { episodicLife: false, ...protocol['sticky-no-ops'].config },
      truncatedAsTerminal: true,
      network: {
        ...network.impala.config,
        scale: 2,
        hiddenSize: 512,
        pool: 6,
        spectralNorm: true,
        dueling: true,
        noisy: { sigma: 0.5 },
      },
      values: { ...values.implicit.config, taus: 8, targetTaus: 8, actingTaus: 8 },
      bootstrap: bootstrap.munchausen.config,
      replay: {
        ...replay.prioritized.config,
        alpha: 0.2,
        betaStart: 0.4,
        betaFinal: 1,
        betaSteps: 50_000_000,
        compression: 'lz',
      },
      environments: 64,
      gamma: 0.997,
      batchSize: 256,
      bufferSize: 1_048_576,
      learningStarts: 200_000,
      trainInterval: 64,
      gradientSteps: 1,
      targetUpdateInterval: 32_000,
      optimizer: 'adam',
      learningRate: 1e-4,
      learningRateFinal: 1e-4,
      optimizerEpsilon: 0.005 / 256,
      gradientClipNorm: 10,
      epsilonStart: 1,
      epsilonFinal: 0.01,
      epsilonDecaySteps: 2_000_000,
      maxSteps: 50_000_000,
    },
    {
      'preprocessing.episodicLife': program('main.py, life_info 0'),
      ...under('preprocessing', protocol['sticky-no-ops'].sources),
      truncatedAsTerminal: program('main.py: done is terminated or truncated'),
      ...under('network', network.impala.sources),
      'network.scale': table,
      'network.hiddenSize': program('Agent.py, linear_size 512'),
      'network.pool': clark('adaptive max-pool of 6x6'),
      'network.spectralNorm': clark('spectral normalisation of the residual convolutions'),
      'network.dueling': program('Agent.py, dueling'),
      'network.noisy': program('networks.py, FactorizedNoisyLinear, sigma_0 0.5'),
      ...under('values', values.implicit.sources),
      'values.taus': table,
      'values.targetTaus': table,
      'values.actingTaus': program('networks.py, qvals: the mean of 8'),
      ...under('bootstrap', bootstrap.munchausen.sources),
      ...under('replay', replay.prioritized.sources),
      'replay.alpha': table,
      'replay.betaStart': program('Agent.py, per_beta 0.4'),
      'replay.betaFinal': program('Agent.py, priority_weight_increase: 1 at the end'),
      'replay.betaSteps': program('Agent.py, priority_weight_increase: over the run'),
      'replay.compression': cite('docs/results/replay.md: what a million transitions take'),
      environments: table,
      gamma: table,
      batchSize: table,
      bufferSize: program('Agent.py, max_mem_size 2^20'),
      learningStarts: program('Agent.py, min_sampling_size'),
      trainInterval: program('main.py: one update for a step of all 64 environments'),
      gradientSteps: program('main.py: one update for a step of all 64 environments'),
      targetUpdateInterval: program('Agent.py, replace_target_cnt: 500 updates of 64 steps'),
      optimizer: program('Agent.py, optim.Adam'),
      learningRate: table,
      learningRateFinal: program('Agent.py, lr_decay off'),
      optimizerEpsilon: table,
      gradientClipNorm: program('Agent.py, clip_grad_norm_ 10'),
      epsilonStart: program('Agent.py, eps_start'),
      epsilonFinal: program('Agent.py, eps_final'),
      epsilonDecaySteps: deviation(
        'their program: each step takes 1/2,000,000 of the rest, and no epsilon after half of the run',
        'a straight line to the end of the same 2,000,000 steps',
      ),
      maxSteps: clark('200 million frames'),
    },
  ),
);

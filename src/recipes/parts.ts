/**
 * The kinds of the parts of a configuration, with the values of their papers: what a recipe begins from, and what
 * `--set replay.kind=prioritized` gives.
 */
import type { BootstrapConfig, ReplayConfig } from '../agents/dqn-config.ts';
import type { NetworkConfig, ValuesConfig } from '../agents/network-config.ts';
import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import {
  ATARI_PROTOCOL_NAMES,
  ATARI_PROTOCOLS,
  type AtariProtocolName,
  type ProtocolValues,
} from '../wrappers/atari-protocol.ts';
import { cite, deviation, measured, numberedActions, type Part, type Source } from './recipe.ts';

/** A part with a source for each of its values. */
export interface PartPreset<P extends Part = Part> {
  readonly config: P;
  readonly sources: { readonly [K in keyof P]: Source };
}

/** A preset for every kind of a part. */
type Presets<P extends Part> = { readonly [K in P['kind']]: PartPreset<Extract<P, { readonly kind: K }>> };

const plain = cite('plain DQN (Mnih et al. 2015)');
const fortunato = (place: string) => cite(`Fortunato et al. 2018, ${place}`);
const schaul = (place: string) => cite(`Schaul et al. 2016, ${place}`);
const bellemare = (place: string) => cite(`Bellemare et al. 2017, ${place}`);
const implicit = (place: string) => cite(`Dabney et al. 2018, Implicit Quantile Networks, ${place}`);
const dabney = (place: string) => cite(`Dabney et al. 2018, ${place}`);
const farebrother = (place: string) => cite(`Farebrother et al. 2024, ${place}`);
const vieillard = (place: string) => cite(`Vieillard et al. 2020, ${place}`);
const kapturowski = (place: string) => cite(`Kapturowski et al. 2019, ${place}`);
const espeholt = (place: string) => cite(`Espeholt et al. 2018, ${place}`);
const lapan = (place: string) => cite(`Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., ${place}`);

const plainLayers = {
  config: { layerNorm: 'none', dueling: false, noisy: null },
  sources: { layerNorm: plain, dueling: plain, noisy: plain },
} as const;

/** Of a network for pictures. */
const pictures = <const K extends string>(kind: K, source: Source) => ({
  config: { kind, ...plainLayers.config, standardizeInput: false },
  sources: { kind: source, ...plainLayers.sources, standardizeInput: plain },
});

export const preprocessing = {
  none: {
    config: { kind: 'none', actionBins: null },
    sources: { kind: cite('observations that are vectors'), actionBins: numberedActions },
  },
  atari: {
    config: {
      kind: 'atari',
      edition: 'third',
      frameSize: 84,
      noopMax: 0,
      stickyActions: 0,
      fireReset: true,
      frameSkip: 4,
      frameStack: 4,
      episodicLife: true,
    },
    sources: {
      kind: lapan('chapter 6, wrappers.py, AtariWrapper'),
      edition: lapan('chapter 6, wrappers.py, AtariWrapper'),
      frameSize: lapan('chapter 6, wrappers.py: WarpFrame, 84x84'),
      noopMax: lapan('chapter 6, wrappers.py, noop_max=0'),
      stickyActions: lapan('chapter 6, PongNoFrameskip-v4: no sticky actions'),
      fireReset: lapan('chapter 6, wrappers.py: AtariWrapper, FireResetEnv'),
      frameSkip: lapan('chapter 6, wrappers.py: AtariWrapper frame_skip, default 4'),
      frameStack: lapan('chapter 6, wrappers.py, BufferWrapper n_steps=4'),
      episodicLife: lapan('chapter 6, wrappers.py: AtariWrapper terminal_on_life_loss, default True'),
    },
  },
} as const satisfies Presets<PreprocessingConfig>;

/** The protocols of `src/wrappers/atari-protocol.ts`: what of them is a setting. */
export const protocol = Object.fromEntries(
  ATARI_PROTOCOL_NAMES.map((name) => {
    const { stickyActions, noopMax, fireReset, frameSkip, source } = ATARI_PROTOCOLS[name];
    const said = cite(source);
    const config = { stickyActions, noopMax, fireReset, frameSkip };
    return [name, { config, sources: { stickyActions: said, noopMax: said, fireReset: said, frameSkip: said } }];
  }),
) as unknown as Readonly<Record<AtariProtocolName, ProtocolPreset>>;

interface ProtocolPreset {
  readonly config: ProtocolValues & { readonly stickyActions: number };
  readonly sources: { readonly [K in keyof ProtocolValues]: Source };
}

export const network = {
  mlp: {
    config: { kind: 'mlp', hiddenSizes: [128, 128], ...plainLayers.config },
    sources: {
      kind: measured('docs/results/cart-pole.md'),
      hiddenSizes: measured('docs/results/cart-pole.md'),
      ...plainLayers.sources,
    },
  },
  'dqn-2013': pictures('dqn-2013', cite('Mnih et al. 2013, section 4.1')),
  nature: pictures('nature', cite('Mnih et al. 2015, Methods, Model architecture')),
  'half-42': pictures('half-42', measured('docs/results/pong.md')),
  'small-42': pictures('small-42', measured('docs/results/pong.md')),
  impala: {
    config: {
      ...pictures('impala', espeholt('Figure 3, right')).config,
      scale: 1,
      hiddenSize: 256,
      pool: null,
      spectralNorm: false,
    },
    sources: {
      ...pictures('impala', espeholt('Figure 3, right')).sources,
      scale: espeholt('Figure 3, right: 16, 32 and 32 channels'),
      hiddenSize: espeholt('Figure 3, right: FC 256'),
      pool: espeholt('Figure 3, right: none'),
      spectralNorm: espeholt('Figure 3, right: none'),
    },
  },
} as const satisfies Presets<NetworkConfig>;

/** Noise of the paper's size. */
export const noisyPreset = {
  config: { noisy: { sigma: 0.5 } },
  sources: { noisy: fortunato('section 3.2, sigma0 for factorised noise') },
} as const;

export const values = {
  scalar: {
    config: { kind: 'scalar', loss: 'huber' },
    sources: { kind: plain, loss: cite('Mnih et al. 2015, Methods: error clipped to [-1, 1]') },
  },
  categorical: {
    config: { kind: 'categorical', atoms: 51, vMin: -10, vMax: 10 },
    sources: {
      kind: bellemare('section 4'),
      atoms: bellemare('section 5.1'),
      vMin: bellemare('section 5'),
      vMax: bellemare('section 5'),
    },
  },
  'hl-gauss': {
    config: { kind: 'hl-gauss', bins: 51, vMin: -10, vMax: 10, sigma: 0.75 },
    sources: {
      kind: farebrother('HL-Gauss'),
      bins: farebrother('as many bins as C51 has atoms'),
      vMin: farebrother('the support of C51'),
      vMax: farebrother('the support of C51'),
      sigma: farebrother('sigma of 0.75 bin widths'),
    },
  },
  quantile: {
    config: { kind: 'quantile', quantiles: 200 },
    sources: { kind: dabney('section 3; loss of Eq. 10, kappa 1'), quantiles: dabney('section 5.2') },
  },
  implicit: {
    config: { kind: 'implicit', cosines: 64, taus: 64, targetTaus: 64, actingTaus: 32 },
    sources: {
      kind: implicit('section 3; loss of Eq. 3, kappa 1'),
      cosines: implicit('Eq. 4, n = 64'),
      taus: cite('Dopamine, implicit_quantile.gin: num_tau_samples = 64'),
      targetTaus: cite('Dopamine, implicit_quantile.gin: num_tau_prime_samples = 64'),
      actingTaus: implicit('section 4, K = 32'),
    },
  },
} as const satisfies Presets<ValuesConfig>;

export const bootstrap = {
  greedy: { config: { kind: 'greedy' }, sources: { kind: plain } },
  double: { config: { kind: 'double' }, sources: { kind: cite('van Hasselt et al. 2016, Eq. 4') } },
  munchausen: {
    config: { kind: 'munchausen', alpha: 0.9, temperature: 0.03, clip: -1 },
    sources: {
      kind: vieillard('Eq. 2'),
      alpha: vieillard('section 4'),
      temperature: vieillard('section 4'),
      clip: vieillard('section 4'),
    },
  },
} as const satisfies Presets<BootstrapConfig>;

export const replay = {
  uniform: {
    config: { kind: 'uniform', compression: 'none' },
    sources: { kind: plain, compression: plain },
  },
  prioritized: {
    config: {
      kind: 'prioritized',
      alpha: 0.6,
      betaStart: 0.4,
      betaFinal: 1,
      betaSteps: 100_000,
      epsilon: 1e-6,
      compression: 'none',
    },
    sources: {
      kind: schaul('section 3.3, proportional'),
      alpha: schaul('section 4, proportional variant'),
      betaStart: schaul('section 4, proportional variant'),
      betaFinal: schaul('section 3.4'),
      betaSteps: lapan('chapter 8, BETA_FRAMES'),
      epsilon: schaul('Eq. 1: a small positive constant'),
      compression: plain,
    },
  },
  sequences: {
    config: { kind: 'sequences', length: 40, burnIn: 20, overlap: 20, initialState: 'stored' },
    sources: {
      kind: kapturowski('section 2.3'),
      length: deviation('Kapturowski et al. 2019, section 2.3: m = 80', 'half, for two processor cores'),
      burnIn: deviation('Kapturowski et al. 2019, section 3: l = 40', 'half, for two processor cores'),
      overlap: kapturowski('section 2.3: adjacent sequences overlap by half'),
      initialState: kapturowski('section 3'),
    },
  },
} as const satisfies Presets<ReplayConfig>;

/** The sources of a part's values by their places in the whole configuration. */
export function under<const N extends string, S extends Readonly<Record<string, Source>>>(
  name: N,
  sources: S,
): { readonly [K in keyof S & string as `${N}.${K}`]: Source } {
  return Object.fromEntries(Object.entries(sources).map(([key, source]) => [`${name}.${key}`, source])) as {
    readonly [K in keyof S & string as `${N}.${K}`]: Source;
  };
}

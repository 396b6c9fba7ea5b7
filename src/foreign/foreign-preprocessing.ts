/** What other programs show their networks of an Atari game, by the programs' names. */
import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Env } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { nameOption } from '../core/options.ts';
import { Box } from '../spaces/box.ts';
import { type Observation, wrapForDqn } from '../train/preprocessing.ts';
import { atariSide } from '../wrappers/atari-like.ts';
import { AtariPreprocessing } from '../wrappers/atari-preprocessing.ts';
import { EpisodicLife } from '../wrappers/episodic-life.ts';
import { FireReset } from '../wrappers/fire-reset.ts';
import { FrameStackObservation } from '../wrappers/frame-stack-observation.ts';
import { lapanPreprocessing } from '../wrappers/lapan-preprocessing.ts';
import { MaxAndSkip } from '../wrappers/max-and-skip.ts';
import { NoOpReset } from '../wrappers/no-op-reset.ts';
import { ResizeObservation } from '../wrappers/resize-observation.ts';
import { TransformObservation } from '../wrappers/transform-observation.ts';
import { opencvGray } from '../wrappers/warp-frame.ts';

/**
 * `none`: vectors as they are. `third` and `second`: the wrappers of the textbook's editions. `sb3`: those of
 * Stable-Baselines3's `make_atari_env` and `VecFrameStack`. `cleanrl`: those of its `make_env`. `gymnasium`:
 * `AtariPreprocessing` and `FrameStackObservation`. No-ops are drawn as these programs draw them, so that a seed gives their games.
 */
export const FOREIGN_VIEWS = ['none', 'third', 'second', 'sb3', 'cleanrl', 'gymnasium'] as const;
export type ForeignView = (typeof FOREIGN_VIEWS)[number];

const SIDE = 84;
const FRAMES = 4;
/** Of SB3's, CleanRL's and Gymnasium's wrappers; the textbook's have none. */
const NOOPS = 30;

export interface ForeignPreprocessing {
  readonly view: ForeignView;
  /** The same as a configuration of this library, where there is one. */
  readonly config: PreprocessingConfig | undefined;
  readonly env: Env<Observation, number>;
}

/**
 * Puts the wrappers of another program around an environment.
 * @param pictures whether the model begins with convolutions; `view` may then not be left out.
 * @throws OptionError for an unknown or missing view, MismatchError when the wrappers do not fit the environment.
 */
export function wrapForeign(
  env: Env<unknown, number>,
  view: string | undefined,
  { pictures, noopMax }: { readonly pictures: boolean; readonly noopMax?: number | undefined },
): ForeignPreprocessing {
  const {
    kind,
    shape = [],
    dtype,
  } = env.observationSpace as {
    kind: string;
    shape?: readonly number[];
    dtype?: string;
  };
  const isScreen = kind === 'box' && dtype === 'uint8' && shape.length === 3 && shape[2] === 3;
  if (view === undefined && pictures && isScreen) {
    throw new OptionError(
      '--preprocessing',
      view,
      `what the model saw of the game: ${FOREIGN_VIEWS.slice(1).join(', ')} (the textbook's third or second edition, Stable-Baselines3, CleanRL, Gymnasium)`,
    );
  }
  const known = nameOption('preprocessing', view, FOREIGN_VIEWS, 'none');
  const config = configOf(known, noopMax);
  if (config?.kind === 'none') return { view: known, config, env: wrapForDqn(env, config) };
  if (config !== undefined) return { view: known, config, env: stableBaselines(env, config) };
  return { view: known, config, env: known === 'cleanrl' ? cleanrl(env, noopMax) : gymnasium(env, noopMax) };
}

function configOf(view: ForeignView, noopMax: number | undefined): PreprocessingConfig | undefined {
  if (view === 'none') return { kind: 'none', actionBins: null };
  if (view === 'cleanrl' || view === 'gymnasium') return undefined;
  return {
    kind: 'atari',
    edition: view === 'second' ? 'second' : 'third',
    frameSize: SIDE,
    stickyActions: null,
    fireReset: true,
    noopMax: noopMax ?? (view === 'sb3' ? NOOPS : 0),
    frameSkip: 4,
    frameStack: FRAMES,
    episodicLife: view !== 'second',
  };
}

/** Stable-Baselines3's wrappers, which the textbook's third edition takes too, and the second edition's. */
function stableBaselines(
  env: Env<unknown, number>,
  { kind: _, stickyActions: _own, frameSize: size, ...options }: PreprocessingConfig & { readonly kind: 'atari' },
): Env<Observation, number> {
  return lapanPreprocessing(env, { size, ...options, noopsFrom: 'environment' });
}

/**
 * Colours are shrunk and then made gray, the other way round than elsewhere, by OpenCV's gray, as Gymnasium 0.29 has it, which
 * CleanRL asks for; the first picture fills the stack.
 */
function cleanrl(env: Env<unknown, number>, noopMax = NOOPS): Env<Observation, number> {
  const fires = atariSide(env, 'cleanrl').getActionMeanings().includes('FIRE');
  let stack = env as Env<Uint8Array, number>;
  if (noopMax !== 0) stack = new NoOpReset(stack, noopMax, 'environment');
  stack = new EpisodicLife(new MaxAndSkip(stack, 4));
  if (fires) stack = new FireReset(stack);
  const small = new ResizeObservation(stack, [SIDE, SIDE]) as Env<unknown, number> as Env<Uint8Array, number>;
  const gray = (rgb: Uint8Array): Uint8Array =>
    Uint8Array.from({ length: SIDE * SIDE }, (_, i) => opencvGray(rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]));
  const shown = new TransformObservation(small, gray, new Box(0, 255, [SIDE, SIDE], 'uint8'));
  return new FrameStackObservation<Uint8Array, number>(shown, FRAMES);
}

function gymnasium(env: Env<unknown, number>, noopMax = NOOPS): Env<Observation, number> {
  const gray = new AtariPreprocessing(env, { noopMax }) as Env<unknown, number> as Env<Uint8Array, number>;
  return new FrameStackObservation<Uint8Array, number>(gray, FRAMES);
}

import type { Env } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import { booleanOption, checkOptionNames, nameOption, type OptionNames } from '../core/options.ts';
import { atariSide } from './atari-like.ts';
import { ClipReward } from './clip-reward.ts';
import { EpisodicLife } from './episodic-life.ts';
import { FireReset } from './fire-reset.ts';
import { FrameStack } from './frame-stack.ts';
import { ImageToChw } from './image-to-chw.ts';
import { MaxAndSkip } from './max-and-skip.ts';
import { NoOpReset, type NoOpSource } from './no-op-reset.ts';
import { ProcessFrame84 } from './process-frame-84.ts';
import { ScaledFloatFrame } from './scaled-float-frame.ts';
import { StickyAction } from './sticky-action.ts';
import { WarpFrame } from './warp-frame.ts';

export interface LapanPreprocessingOptions {
  /** Whose wrappers (Lapan, Deep Reinforcement Learning Hands-On, chapter 6): `third`, Stable-Baselines3's with a resize of the
   * whole picture, or `second`, with a crop. Default third. */
  readonly edition?: 'second' | 'third' | undefined;
  /** Most no-ops at an episode's start; 0 for none. Default 0, as in both editions. */
  readonly noopMax?: number | undefined;
  /** Whose generator draws their number. Default `wrapper`. */
  readonly noopsFrom?: NoOpSource | undefined;
  /** Frames a step. Default 4. */
  readonly frameSkip?: number | undefined;
  /** Probability of repeating the last action, in each frame. Default 0. */
  readonly repeatActionProbability?: number | undefined;
  /** Whether FIRE is pressed after a reset, in games that have it. Default true. */
  readonly fireReset?: boolean | undefined;
  /** Whether losing a life ends an episode. Default true in the third edition, false in the second. */
  readonly episodicLife?: boolean | undefined;
  /** Whether rewards become their sign. Default false, as in both editions. */
  readonly clipReward?: boolean | undefined;
  /** Frames in an observation. Default 4. */
  readonly frameStack?: number | undefined;
  /** Side of the square picture; with the second edition 84 or 42. Default 84. */
  readonly size?: number | undefined;
  /** Whether observations are float32 from 0 to 1 instead of bytes. Default false; the second edition's own wrappers
   * scale, which a replay of bytes and a network that divides by 255 do as well with a quarter of the memory. */
  readonly scaled?: boolean | undefined;
}

const OPTIONS: OptionNames<LapanPreprocessingOptions> = {
  edition: true,
  noopMax: true,
  noopsFrom: true,
  frameSkip: true,
  repeatActionProbability: true,
  fireReset: true,
  episodicLife: true,
  clipReward: true,
  frameStack: true,
  size: true,
  scaled: true,
};

/**
 * Lapan's wrappers around an Atari game that shows every frame: no-op starts, frame skip with the maximum of two
 * frames, episodic life, fire on reset, gray 84x84, reward clipping, channels first, frame stack, scaling. Each part is
 * there only if asked for.
 *
 * Observations are [frameStack, size, size], oldest frame first, views that the next call overwrites.
 * @throws MismatchError when the environment is no Atari game with pictures, or skips frames itself; OptionError for a
 *   value out of range, UnknownNameError for a name that there is not.
 */
export function lapanPreprocessing(
  env: Env<unknown, number>,
  options: LapanPreprocessingOptions & { readonly scaled: true },
): ScaledFloatFrame;
export function lapanPreprocessing(
  env: Env<unknown, number>,
  options?: LapanPreprocessingOptions & { readonly scaled?: false | undefined },
): FrameStack<Uint8Array>;
export function lapanPreprocessing(
  env: Env<unknown, number>,
  options?: LapanPreprocessingOptions,
): FrameStack<Uint8Array> | ScaledFloatFrame;
export function lapanPreprocessing(
  env: Env<unknown, number>,
  options: LapanPreprocessingOptions = {},
): FrameStack<Uint8Array> | ScaledFloatFrame {
  checkOptionNames(options, OPTIONS);
  const { noopMax = 0, frameSkip = 4, frameStack = 4, size = 84 } = options;
  const edition = nameOption('edition', options.edition, ['second', 'third'], 'third');
  const noopsFrom = nameOption('noopsFrom', options.noopsFrom, ['wrapper', 'environment'], 'wrapper');
  const episodicLife = booleanOption('episodicLife', options.episodicLife, edition === 'third');
  const fireReset = booleanOption('fireReset', options.fireReset, true);
  const clipReward = booleanOption('clipReward', options.clipReward, false);
  const scaled = booleanOption('scaled', options.scaled, false);
  const game = atariSide(env, 'lapanPreprocessing');
  const meanings = game.getActionMeanings();
  const ownSkip = game.frameSkip ?? 1;
  if (ownSkip !== 1 && frameSkip !== 1) {
    throw new MismatchError(
      `lapanPreprocessing skips ${frameSkip} frames and ${env.spec?.id ?? 'the environment'} ${JSON.stringify(ownSkip)}; give one of them 1.`,
    );
  }

  // MaxAndSkip and the shrinking wrappers check that observations are pictures.
  let stack = env as Env<Uint8Array, number>;
  const { repeatActionProbability = 0 } = options;
  if (repeatActionProbability !== 0) stack = new StickyAction(stack, repeatActionProbability);
  if (noopMax !== 0) stack = new NoOpReset(stack, noopMax, noopsFrom);
  if (frameSkip !== 1) stack = new MaxAndSkip(stack, frameSkip);
  if (episodicLife) stack = new EpisodicLife(stack);
  if (fireReset && meanings.includes('FIRE')) stack = new FireReset(stack);
  stack = edition === 'third' ? new WarpFrame(stack, size, size) : new ProcessFrame84(stack, size);
  if (clipReward) stack = new ClipReward(stack);
  const stacked = new FrameStack(new ImageToChw(stack), frameStack);
  return scaled ? new ScaledFloatFrame(stacked) : stacked;
}

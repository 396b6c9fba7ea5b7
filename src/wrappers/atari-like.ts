import type { Env } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import type { Generator } from '../core/random/index.ts';

/** What an Atari environment offers in addition to `Env`; wrappers look for it on `env.unwrapped`. */
export interface AtariLike {
  /** Name of each action, such as `NOOP`, `FIRE`, `RIGHTFIRE`. */
  getActionMeanings(): readonly string[];
  /** Lives left; 0 in games without lives. */
  lives(): number;
  /** Frames a step, [low, high) when it is drawn; undefined where nothing is skipped. */
  readonly frameSkip?: number | readonly [number, number];
  /** Probability, in each frame, of playing the frame before's action again, where the game itself does so. */
  readonly repeatActionProbability?: number;
  /** Height and width of the console's picture, whatever the observations are. */
  readonly screenShape?: readonly [height: number, width: number];
  /** The generator of the environment's own draws, once it was reset. */
  readonly generator?: Generator | undefined;
}

/** Whether there is an Atari side below all wrappers: names of actions and lives. */
export function isAtari(env: Pick<Env, 'unwrapped'>): boolean {
  const bare = env.unwrapped as Partial<AtariLike>;
  return typeof bare.getActionMeanings === 'function' && typeof bare.lives === 'function';
}

/** The Atari side of an environment below all wrappers.
 * @throws MismatchError when it has none; the message names the wrapper that asked. */
export function atariSide(env: Pick<Env, 'unwrapped'>, wrapper: string): AtariLike {
  const bare = env.unwrapped as Partial<AtariLike> & Env;
  if (!isAtari(env)) {
    throw new MismatchError(
      `${wrapper} needs an Atari environment (with getActionMeanings and lives), got ${bare.spec?.id ?? bare.constructor.name}.`,
    );
  }
  return bare as AtariLike & Env;
}

/** Index of an action by name.
 * @throws MismatchError when the game has no such action. */
export function actionNamed(env: Pick<Env, 'unwrapped'>, name: string, index: number, wrapper: string): number {
  const meanings = atariSide(env, wrapper).getActionMeanings();
  if (meanings[index] !== name) {
    throw new MismatchError(`${wrapper} needs ${name} as action ${index}, got [${meanings.join(', ')}].`);
  }
  return index;
}

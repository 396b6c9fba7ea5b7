import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import type { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import { restoreGenerator, saveGenerator } from '../core/seeding.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { copyValue } from '../core/trajectory.ts';
import { Wrapper } from '../core/wrapper.ts';
import { actionNamed, isAtari } from './atari-like.ts';
import { wrapperGenerator } from './wrapper-generator.ts';

/**
 * With a probability, plays the previous action again instead of the given one (Machado et al. 2018, "Revisiting the
 * Arcade Learning Environment", section 5.2; usually 0.25).
 *
 * In an Atari game the first action of an episode follows a NOOP, as in the paper, and the draws come from a generator
 * of the wrapper. Elsewhere the first action is always played and the draws come from the environment's own generator:
 * that is Gymnasium's `StickyAction`, to the seed.
 */
export class StickyAction<O = unknown, A = number> extends Wrapper<O, A> {
  readonly repeatProbability: number;
  readonly #durations: readonly [number, number];
  /** Action 0 of an Atari game; undefined elsewhere. */
  readonly #noop: A | undefined;
  readonly #atari: boolean;
  #last: A | undefined;
  /** Repeats of the present series, 0 outside of one, and how many were played. */
  #length = 0;
  #played = 0;
  #generator: Generator | undefined;

  /** @param duration steps that a repeated action lasts, or the bounds that its number is drawn between. Default 1.
   * @throws MismatchError when action 0 of an Atari game is not NOOP, OptionError for a probability outside [0, 1] or a
   *   duration that is no positive integer. */
  constructor(env: Env<O, A>, repeatProbability = 0.25, duration: number | readonly [number, number] = 1) {
    super(env);
    this.#atari = isAtari(env);
    this.#noop = this.#atari ? (actionNamed(env, 'NOOP', 0, 'StickyAction') as A) : undefined;
    if (!(repeatProbability >= 0 && repeatProbability <= 1)) {
      throw new OptionError('repeatProbability', repeatProbability, 'a number from 0 to 1');
    }
    const durations = typeof duration === 'number' ? [duration, duration] : duration;
    const fine = Array.isArray(durations) && durations.length === 2 && durations.every(Number.isSafeInteger);
    if (!fine || durations[0] < 1 || durations[0] > durations[1]) {
      throw new OptionError('duration', duration, 'a positive integer, or two in ascending order');
    }
    this.repeatProbability = repeatProbability;
    this.#durations = durations as unknown as readonly [number, number];
    this.#last = this.#noop;
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    if (this.#drawsFrom() === undefined) this.#generator = wrapperGenerator(this.#generator, options);
    this.#last = this.#noop;
    this.#length = 0;
    this.#played = 0;
    return this.env.reset(options);
  }

  override step(action: A): StepResult<O> {
    const generator = this.#drawsFrom() ?? this.#generator;
    const stuck = this.#length > 0;
    let played = action;
    if (stuck || (this.#last !== undefined && generator !== undefined && generator.random() < this.repeatProbability)) {
      const [least, most] = this.#durations;
      if (!stuck) this.#length = (generator as Generator).integers(least, most + 1);
      this.#played++;
      played = this.#last as A;
    }
    if (this.#played === this.#length) {
      this.#length = 0;
      this.#played = 0;
    }
    const result = this.env.step(played);
    // Only now: a refused action is not repeated.
    if (played === action) this.#last = copyValue(action);
    return result;
  }

  /** The environment's own generator; undefined where the wrapper has to have one. */
  #drawsFrom(): Generator | undefined {
    return this.#atari ? undefined : (this.env.unwrapped as { generator?: Generator | undefined }).generator;
  }

  protected override saveOwnState(): Snapshot {
    return {
      last: (this.#last ?? null) as Snapshot,
      length: this.#length,
      played: this.#played,
      generator: saveGenerator(this.#generator),
    };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'sticky action');
    const last = saved.part('last');
    saved.require(last === null || this.actionSpace.contains(last), 'last', `an action of ${this.actionSpace}`);
    this.#last = (last ?? undefined) as A | undefined;
    this.#length = saved.whole('length');
    this.#played = saved.whole('played');
    this.#generator = restoreGenerator(saved.part('generator'));
  }
}

import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import type { Generator } from '../core/random/index.ts';
import { restoreGenerator, saveGenerator } from '../core/seeding.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';
import { type AtariLike, actionNamed, atariSide } from './atari-like.ts';
import { wrapperGenerator } from './wrapper-generator.ts';

/**
 * Where the number of no-ops is drawn: from a generator of the wrapper, independent of the environment's draws, or from the
 * environment's own, as Stable-Baselines3 does, whose episodes a seed then gives.
 */
export type NoOpSource = 'wrapper' | 'environment';

/**
 * Starts each episode with 1 to `noopMax` frames (or steps of the environment below) of doing nothing, so that a game
 * without chance does not always begin the same (Mnih et al. 2015, Methods; Stable-Baselines3's `NoopResetEnv`).
 */
export class NoOpReset<O = unknown> extends Wrapper<O, number> {
  readonly noopMax: number;
  private readonly noop: number;
  /** Undefined where the wrapper draws. */
  private readonly game: AtariLike | undefined;
  /** Of the wrapper, and for environments that do not lend theirs. */
  private generator: Generator | undefined;

  /** @param noopMax largest number of no-ops, drawn evenly from 1 up. Default 30.
   * @param source whose generator draws them; one that the environment does not lend is the wrapper's all the same.
   * @throws MismatchError unless action 0 is NOOP, OptionError for a noopMax below 1. */
  constructor(env: Env<O, number>, noopMax = 30, source: NoOpSource = 'wrapper') {
    super(env);
    this.noop = actionNamed(env, 'NOOP', 0, 'NoOpReset');
    if (!(Number.isSafeInteger(noopMax) && noopMax >= 1))
      throw new OptionError('noopMax', noopMax, 'a positive integer');
    this.noopMax = noopMax;
    if (source === 'environment') this.game = atariSide(env, 'NoOpReset');
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    let result: ResetResult<O> = this.env.reset(options);
    for (let left = this.draws(options).integers(1, this.noopMax + 1); left > 0; left--) {
      const { observation, info, terminated, truncated } = this.env.step(this.noop);
      result = terminated || truncated ? this.env.reset({ ...options, seed: undefined }) : { observation, info };
    }
    return result;
  }

  private draws(options: ResetOptions | undefined): Generator {
    // Looked up after each reset: a seed gives the environment another generator.
    const lent = this.game?.generator;
    if (lent !== undefined) return lent;
    this.generator = wrapperGenerator(this.generator, options);
    return this.generator;
  }

  override step(action: number): StepResult<O> {
    return this.env.step(action);
  }

  protected override saveOwnState(): Snapshot {
    return saveGenerator(this.generator);
  }

  protected override restoreOwnState(state: Snapshot): void {
    this.generator = restoreGenerator(state);
  }
}

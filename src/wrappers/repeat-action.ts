import type { Env, EnvMetadata, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { Wrapper } from '../core/wrapper.ts';

/** Plays each action some times, or to the episode's end, and sums the rewards (Gymnasium's `RepeatAction`). For pictures
 * of the 2600 see `MaxAndSkip`. */
export class RepeatAction<O = unknown, A = unknown> extends Wrapper<O, A> {
  readonly numRepeats: number;

  /** @throws OptionError unless `numRepeats` is a positive integer. */
  constructor(env: Env<O, A>, numRepeats: number) {
    super(env);
    if (!Number.isSafeInteger(numRepeats) || numRepeats < 1) {
      throw new OptionError('numRepeats', numRepeats, 'a positive integer');
    }
    this.numRepeats = numRepeats;
  }

  /** A step is several of the environment's: there are fewer pictures a second to watch. */
  override get metadata(): EnvMetadata {
    const { metadata } = this.env;
    return { ...metadata, renderFps: metadata.renderFps / this.numRepeats };
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    return this.env.reset(options);
  }

  override step(action: A): StepResult<O> {
    let total = 0;
    for (let left = this.numRepeats; ; left--) {
      const result = this.env.step(action);
      total += result.reward;
      if (left > 1 && !result.terminated && !result.truncated) continue;
      result.reward = total;
      return result;
    }
  }
}

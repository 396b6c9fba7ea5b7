import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import type { Generator } from '../core/random/index.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';
import { actionNamed } from './atari-like.ts';
import { restoreWrapperGenerator, saveWrapperGenerator, wrapperGenerator } from './wrapper-generator.ts';

/**
 * With a probability, plays the previous action again instead of the given one (Machado et al. 2018, "Revisiting the
 * Arcade Learning Environment", section 5.2; usually 0.25). The first action of an episode follows a NOOP.
 */
export class StickyAction<O = unknown> extends Wrapper<O, number> {
  readonly repeatProbability: number;
  private readonly noop: number;
  private last: number;
  private generator: Generator | undefined;

  /** @throws MismatchError unless action 0 is NOOP, OptionError for a probability outside [0, 1]. */
  constructor(env: Env<O, number>, repeatProbability = 0.25) {
    super(env);
    this.noop = actionNamed(env, 'NOOP', 0, 'StickyAction');
    if (!(repeatProbability >= 0 && repeatProbability <= 1)) {
      throw new OptionError('repeatProbability', repeatProbability, 'a number from 0 to 1');
    }
    this.repeatProbability = repeatProbability;
    this.last = this.noop;
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    this.generator = wrapperGenerator(this.generator, options);
    this.last = this.noop;
    return this.env.reset(options);
  }

  override step(action: number): StepResult<O> {
    if (this.generator === undefined || this.generator.random() >= this.repeatProbability) this.last = action;
    return this.env.step(this.last);
  }

  protected override saveOwnState(): Snapshot {
    return { last: this.last, generator: saveWrapperGenerator(this.generator) };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = state as { last: number; generator: Snapshot };
    this.last = saved.last;
    this.generator = restoreWrapperGenerator(saved.generator);
  }
}

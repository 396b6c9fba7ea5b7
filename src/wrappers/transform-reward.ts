import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { functionOption } from '../core/options.ts';
import { Wrapper } from '../core/wrapper.ts';

/** Passes every reward through a function (Gymnasium's `TransformReward`), which must have no state. */
export class TransformReward<O = unknown, A = unknown> extends Wrapper<O, A> {
  readonly #function: (reward: number) => number;

  constructor(env: Env<O, A>, transform: (reward: number) => number) {
    super(env);
    this.#function = functionOption('transform', transform, 'the reward');
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    return this.env.reset(options);
  }

  override step(action: A): StepResult<O> {
    const result = this.env.step(action);
    result.reward = this.#function(result.reward);
    return result;
  }
}

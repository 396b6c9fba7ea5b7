import type { ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { Wrapper } from '../core/wrapper.ts';

/** Rewards become their sign, -1, 0 or 1 (Mnih et al. 2015, Methods). Statistics of true scores belong below it. */
export class ClipReward<O = unknown, A = unknown> extends Wrapper<O, A> {
  override reset(options?: ResetOptions): ResetResult<O> {
    return this.env.reset(options);
  }

  override step(action: A): StepResult<O> {
    const result = this.env.step(action);
    result.reward = Math.sign(result.reward);
    return result;
  }
}

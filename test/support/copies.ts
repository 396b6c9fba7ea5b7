import type { ResetOptions, ResetResult, StepResult } from '../../src/core/env.ts';
import { Wrapper } from '../../src/core/wrapper.ts';

/** Hands out copies of pictures, which hides the palette screen below from the wrappers above. */
export class Copies extends Wrapper<Uint8Array, number> {
  override reset(options?: ResetOptions): ResetResult<Uint8Array> {
    const result = this.env.reset(options);
    return { ...result, observation: result.observation.slice() };
  }
  override step(action: number): StepResult<Uint8Array> {
    const result = this.env.step(action);
    return { ...result, observation: result.observation.slice() };
  }
}

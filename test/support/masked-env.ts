import type { Info, ResetOptions, ResetResult, StepResult } from '../../src/core/env.ts';
import { Wrapper } from '../../src/core/wrapper.ts';
import type { TabularModel } from '../../src/envs/tabular-model.ts';
import { ModelEnv } from './model-env.ts';

/**
 * The world of a model with action masks: `masks[state]` has 1 for each allowed action, and comes as `info.action_mask` in
 * an array that is overwritten by the next call. A forbidden action is an error.
 */
export class MaskedEnv extends Wrapper<number, number> {
  readonly masks: readonly (readonly number[])[];
  readonly #mask: Int8Array;
  #state = 0;

  constructor(model: TabularModel, masks: readonly (readonly number[])[]) {
    super(new ModelEnv(model));
    this.masks = masks;
    this.#mask = new Int8Array(model.nActions);
  }
  reset(options?: ResetOptions): ResetResult<number> {
    const { observation } = this.env.reset(options);
    return { observation, info: this.#info(observation) };
  }
  step(action: number): StepResult<number> {
    if (this.masks[this.#state][action] !== 1) throw new Error(`action ${action} is forbidden in state ${this.#state}`);
    const result = this.env.step(action);
    return { ...result, info: this.#info(result.observation) };
  }
  #info(state: number): Info {
    this.#state = state;
    this.#mask.set(this.masks[state]);
    return { action_mask: this.#mask };
  }
  protected override saveOwnState(): number {
    return this.#state;
  }
  protected override restoreOwnState(state: number): void {
    this.#state = state;
  }
}

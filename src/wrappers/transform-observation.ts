import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { functionOption } from '../core/options.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { Wrapper } from '../core/wrapper.ts';

/**
 * Passes every observation through a function (Gymnasium's `TransformObservation`). The function must have no state; the
 * wrapper says nothing of the memory that it returns.
 */
export class TransformObservation<O, OI = O, A = unknown> extends Wrapper<O, A, OI> {
  readonly #function: (observation: OI) => O;
  readonly #space: Space<O> | undefined;

  /** @param space of the new observations; undefined when it stays. */
  constructor(env: Env<OI, A>, transform: (observation: OI) => O, space?: Space<O>) {
    super(env);
    this.#function = functionOption('transform', transform, 'the observation');
    this.#space = space;
  }

  override get observationSpace(): Space<O> {
    return this.#space ?? super.observationSpace;
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    const { observation, info } = this.env.reset(options);
    return { observation: this.#function(observation), info };
  }

  override step(action: A): StepResult<O> {
    const { observation, reward, terminated, truncated, info } = this.env.step(action);
    return { observation: this.#function(observation), reward, terminated, truncated, info };
  }

  protected override saveOwnState(): Snapshot {
    return this.#space === undefined ? null : this.#space.saveState();
  }

  protected override restoreOwnState(state: Snapshot): void {
    this.#space?.restoreState(state);
  }
}

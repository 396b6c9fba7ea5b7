import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { ActionError } from '../core/errors.ts';
import { functionOption } from '../core/options.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { Wrapper } from '../core/wrapper.ts';

/** Passes every action through a function (Gymnasium's `TransformAction`). With a space of its own, it takes actions of
 * that space only. The function must have no state. */
export class TransformAction<O, A, AI = A> extends Wrapper<O, A, O, AI> {
  readonly #function: (action: A) => AI;
  readonly #space: Space<A> | undefined;

  /** @param space of the actions that the wrapper takes; undefined when it stays. */
  constructor(env: Env<O, AI>, transform: (action: A) => AI, space?: Space<A>) {
    super(env);
    this.#function = functionOption('transform', transform, 'the action');
    this.#space = space;
  }

  override get actionSpace(): Space<A> {
    return this.#space ?? super.actionSpace;
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    return this.env.reset(options);
  }

  /** @throws ActionError for an action outside the wrapper's own space. */
  override step(action: A): StepResult<O> {
    if (this.#space !== undefined && !this.#space.contains(action)) throw new ActionError(action, String(this.#space));
    return this.env.step(this.#function(action));
  }

  protected override saveOwnState(): Snapshot {
    return this.#space === undefined ? null : this.#space.saveState();
  }

  protected override restoreOwnState(state: Snapshot): void {
    this.#space?.restoreState(state);
  }
}

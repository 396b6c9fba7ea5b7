import type { ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';

/** The step after an episode's end resets, whatever the action, with reward 0 (Gymnasium's `Autoreset`). */
export class Autoreset<O = unknown, A = unknown> extends Wrapper<O, A> {
  #over = false;

  override reset(options?: ResetOptions): ResetResult<O> {
    this.#over = false;
    return this.env.reset(options);
  }

  override step(action: A): StepResult<O> {
    if (this.#over) {
      const { observation, info } = this.env.reset();
      this.#over = false;
      return { observation, reward: 0, terminated: false, truncated: false, info };
    }
    const result = this.env.step(action);
    this.#over = result.terminated || result.truncated;
    return result;
  }

  protected override saveOwnState(): Snapshot {
    return this.#over;
  }

  protected override restoreOwnState(state: Snapshot): void {
    this.#over = new SavedState({ over: state }, 'autoreset').flag('over');
  }
}

import type { ResetOptions, ResetResult, RgbFrame, StepResult } from '../core/env.ts';
import { EPISODE_PHASES, type EpisodePhase, notRunning } from '../core/episode-phase.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';

/** Refuses a step or a picture before the first reset, and a step after an episode's end, for environments that do not
 * look themselves (Gymnasium's `OrderEnforcing`, which allows steps after the end). Those of this project do look. */
export class OrderEnforcing<O = unknown, A = unknown> extends Wrapper<O, A> {
  #phase: EpisodePhase = 'new';

  override reset(options?: ResetOptions): ResetResult<O> {
    const result = this.env.reset(options);
    this.#phase = 'running';
    return result;
  }

  /** @throws OrderError when no episode runs. */
  override step(action: A): StepResult<O> {
    if (this.#phase !== 'running') throw notRunning(this.#phase);
    const result = this.env.step(action);
    if (result.terminated || result.truncated) this.#phase = 'over';
    return result;
  }

  /** @throws OrderError before the first reset. */
  override render(): RgbFrame | string | undefined {
    if (this.#phase === 'new') throw notRunning('new', 'render');
    return this.env.render();
  }

  protected override saveOwnState(): Snapshot {
    return this.#phase;
  }

  protected override restoreOwnState(state: Snapshot): void {
    this.#phase = new SavedState({ phase: state }, 'order').oneOf('phase', EPISODE_PHASES);
  }
}

import { checkReset, checkStep } from './check-result.ts';
import type { Env, EnvSpec, ResetOptions, ResetResult, StepResult } from './env.ts';
import { EPISODE_PHASES, type EpisodePhase, notRunning } from './episode-phase.ts';
import { OptionError } from './errors.ts';
import { SavedState } from './saved-state.ts';
import type { Snapshot } from './snapshot.ts';
import { Wrapper } from './wrapper.ts';

/**
 * Truncates an episode after a number of steps (Gymnasium's `TimeLimit`). When the task ends in that very step, both
 * `terminated` and `truncated` are true. Unlike Gymnasium, a step after the end is an `OrderError`.
 */
export class TimeLimit<O = unknown, A = unknown> extends Wrapper<O, A> {
  readonly maxEpisodeSteps: number;
  #elapsed = 0;
  #phase: EpisodePhase = 'new';
  #spec: EnvSpec | undefined;

  /** @param maxEpisodeSteps positive integer.
   * @throws OptionError otherwise. */
  constructor(env: Env<O, A>, maxEpisodeSteps: number) {
    super(env);
    if (!Number.isSafeInteger(maxEpisodeSteps) || maxEpisodeSteps < 1) {
      throw new OptionError('maxEpisodeSteps', maxEpisodeSteps, 'a positive integer');
    }
    this.maxEpisodeSteps = maxEpisodeSteps;
  }

  /** The spec below with this limit. */
  override get spec(): EnvSpec | undefined {
    const inner = this.env.spec;
    if (inner === undefined || inner.maxEpisodeSteps === this.maxEpisodeSteps) return inner;
    this.#spec ??= { ...inner, maxEpisodeSteps: this.maxEpisodeSteps };
    return this.#spec;
  }

  override set spec(spec: EnvSpec | undefined) {
    this.#spec = undefined;
    this.env.spec = spec;
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    const result = checkReset(this.env.reset(options));
    this.#elapsed = 0;
    this.#phase = 'running';
    return result;
  }

  override step(action: A): StepResult<O> {
    if (this.#phase !== 'running') throw notRunning(this.#phase);
    const result = checkStep(this.env.step(action));
    this.#elapsed++;
    if (this.#elapsed >= this.maxEpisodeSteps) result.truncated = true;
    if (result.terminated || result.truncated) this.#phase = 'over';
    return result;
  }

  protected override saveOwnState(): Snapshot {
    return { elapsed: this.#elapsed, phase: this.#phase };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'time limit');
    this.#elapsed = saved.whole('elapsed');
    this.#phase = saved.oneOf('phase', EPISODE_PHASES);
  }
}

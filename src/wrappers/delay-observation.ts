import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { copyValue } from '../core/trajectory.ts';
import { Wrapper } from '../core/wrapper.ts';
import { zeroMember } from '../spaces/zero-member.ts';

/** Shows observations some steps late, zeros before the first (Gymnasium's `DelayObservation`). They are fresh copies. */
export class DelayObservation<O = unknown, A = unknown> extends Wrapper<O, A> {
  readonly delay: number;
  #queue: O[] = [];

  /** @param delay steps, 0 or more.
   * @throws OptionError otherwise, UnavailableError for a space whose zero is not known. */
  constructor(env: Env<O, A>, delay: number) {
    super(env);
    if (!Number.isSafeInteger(delay) || delay < 0) throw new OptionError('delay', delay, 'an integer from 0 up');
    zeroMember(env.observationSpace);
    this.delay = delay;
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    const { observation, info } = this.env.reset(options);
    this.#queue = [];
    return { observation: this.#late(observation), info };
  }

  override step(action: A): StepResult<O> {
    const result = this.env.step(action);
    result.observation = this.#late(result.observation);
    return result;
  }

  #late(observation: O): O {
    this.#queue.push(copyValue(observation));
    return this.#queue.length > this.delay ? (this.#queue.shift() as O) : (zeroMember(this.observationSpace) as O);
  }

  protected override saveOwnState(): Snapshot {
    return copyValue(this.#queue) as Snapshot;
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState({ queue: state }, 'delay');
    const queue = saved.list('queue');
    saved.require(queue.length <= this.delay, 'queue', `at most ${this.delay}`);
    this.#queue = copyValue(queue) as O[];
  }
}

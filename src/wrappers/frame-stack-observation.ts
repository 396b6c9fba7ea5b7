import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { Wrapper } from '../core/wrapper.ts';
import { Box, type BoxArrays, type BoxType } from '../spaces/box.ts';
import { zeroMember } from '../spaces/zero-member.ts';
import { observationBox } from './box-wrapped.ts';

/**
 * The last observations along a new first axis, oldest first: [3] becomes [4, 3] (Gymnasium's `FrameStackObservation`;
 * `FrameStack` is Lapan's form for pictures). Fresh arrays.
 */
export class FrameStackObservation<O extends BoxArrays[BoxType], A = unknown> extends Wrapper<O, A> {
  readonly #space: Space<O>;
  readonly #padding: O | 'reset';
  #stack: O;
  readonly #size: number;

  /** @param padding what stands before the first: the first itself ('reset', default), zeros, or an observation.
   * @throws MismatchError unless observations are a Box, OptionError for a size or padding that does not fit. */
  constructor(env: Env<O, A>, stackSize: number, padding: 'reset' | 'zero' | O = 'reset') {
    super(env);
    const box = observationBox(env as Env, 'FrameStackObservation');
    if (!Number.isSafeInteger(stackSize) || stackSize < 1) {
      throw new OptionError('stackSize', stackSize, 'a positive integer');
    }
    if (padding !== 'reset' && padding !== 'zero' && !box.contains(padding)) {
      throw new OptionError('padding', padding, `"reset", "zero" or an observation of ${box}`);
    }
    const repeat = (bound: BoxArrays[BoxType]): number[] => new Array(stackSize).fill([...bound]).flat();
    const space = new Box<BoxType>(repeat(box.low), repeat(box.high), [stackSize, ...box.shape], box.dtype);
    this.#space = space as Space as Space<O>;
    this.#padding = padding === 'zero' ? (zeroMember(env.observationSpace) as O) : padding;
    this.#stack = space.low.slice() as O;
    this.#size = box.size;
  }

  override get observationSpace(): Space<O> {
    return this.#space;
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    const { observation, info } = this.env.reset(options);
    const before = this.#padding === 'reset' ? observation : this.#padding;
    for (let at = 0; at < this.#stack.length; at += this.#size) this.#stack.set(before, at);
    this.#stack.set(observation, this.#stack.length - this.#size);
    return { observation: this.#stack.slice() as O, info };
  }

  override step(action: A): StepResult<O> {
    const result = this.env.step(action);
    this.#stack.copyWithin(0, this.#size);
    this.#stack.set(result.observation, this.#stack.length - this.#size);
    result.observation = this.#stack.slice() as O;
    return result;
  }

  protected override saveOwnState(): Snapshot {
    return { stack: this.#stack.slice(), space: this.#space.saveState() };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = state as { stack: O; space: Snapshot };
    this.#stack = saved.stack.slice() as O;
    this.#space.restoreState(saved.space);
  }
}

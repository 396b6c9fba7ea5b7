import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { copyValue } from '../core/trajectory.ts';
import { Wrapper } from '../core/wrapper.ts';
import { batchSpace } from '../spaces/batch-space.ts';
import type { BoxArrays, BoxType } from '../spaces/box.ts';
import { createVectorBatch, restoreBatch, shiftRows, type VectorBatch, writeRow } from '../spaces/vector-batch.ts';
import { zeroMember } from '../spaces/zero-member.ts';
import { checkStackSize } from './frame-stack.ts';

/** Several observations in one: arrays along a new first axis, numbers as an array, the parts of a tuple or dictionary each
 * for itself. */
export type StackedObservation<O> = O extends BoxArrays[BoxType] ? O : O extends number ? Int32Array : VectorBatch;

/**
 * The last observations along a new first axis, oldest first: [3] becomes [4, 3] (Gymnasium's `FrameStackObservation`;
 * `FrameStack` is Lapan's form for pictures). Numbers of a discrete space become an array, of a `MultiDiscrete`; tuples and
 * dictionaries are stacked part by part. Fresh arrays.
 * @typeParam O observations below.
 */
export class FrameStackObservation<O = unknown, A = unknown> extends Wrapper<StackedObservation<O>, A, O> {
  readonly #inner: Space;
  readonly #space: Space;
  readonly #padding: O | 'reset';
  readonly #stack: VectorBatch;
  readonly #stackSize: number;

  /** @param padding what stands before the first: the first itself ('reset', default), zeros, or an observation.
   * @throws UnavailableError for a space that cannot be batched (texts, graphs), OptionError for a size or padding that does
   *   not fit. */
  constructor(env: Env<O, A>, stackSize: number, padding: 'reset' | 'zero' | O = 'reset') {
    super(env);
    const inner = env.observationSpace as Space;
    checkStackSize('stackSize', stackSize);
    if (padding !== 'reset' && padding !== 'zero' && !inner.contains(padding)) {
      throw new OptionError('padding', padding, `"reset", "zero" or an observation of ${inner}`);
    }
    this.#inner = inner;
    this.#space = batchSpace(inner, stackSize);
    this.#padding = padding === 'zero' ? (zeroMember(inner) as O) : padding;
    this.#stack = createVectorBatch(inner, stackSize);
    this.#stackSize = stackSize;
  }

  override get observationSpace(): Space<StackedObservation<O>> {
    return this.#space as unknown as Space<StackedObservation<O>>;
  }

  override reset(options?: ResetOptions): ResetResult<StackedObservation<O>> {
    const { observation, info } = this.env.reset(options);
    const before = this.#padding === 'reset' ? observation : this.#padding;
    for (let i = 0; i < this.#stackSize; i++) {
      writeRow(this.#inner, this.#stack, i, i < this.#stackSize - 1 ? before : observation);
    }
    return { observation: this.#shown(), info };
  }

  override step(action: A): StepResult<StackedObservation<O>> {
    const result = this.env.step(action);
    shiftRows(this.#stack, this.#stackSize);
    writeRow(this.#inner, this.#stack, this.#stackSize - 1, result.observation);
    return { ...result, observation: this.#shown() };
  }

  #shown(): StackedObservation<O> {
    return copyValue(this.#stack) as StackedObservation<O>;
  }

  protected override saveOwnState(): Snapshot {
    return { stack: copyValue(this.#stack) as Snapshot, space: this.#space.saveState() };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'frame stack');
    restoreBatch(saved.part('stack'), this.#stack);
    this.#space.restoreState(saved.part('space'));
  }
}

import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { restoreArray } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { Wrapper } from '../core/wrapper.ts';
import { Box } from '../spaces/box.ts';
import { joinNumbers } from '../spaces/join-numbers.ts';

/** More frames than anything looks at: what is meant for another argument is told before it fills the memory. */
const MOST_FRAMES = 10_000;

/** @throws OptionError naming the option. */
export function checkStackSize(name: string, count: unknown): void {
  if (!Number.isSafeInteger(count) || !((count as number) >= 1 && (count as number) <= MOST_FRAMES))
    throw new OptionError(name, count, `a whole number from 1 to ${MOST_FRAMES}`);
}

type Element = 'uint8' | 'float32';
type Frame = Uint8Array | Float32Array;

/**
 * Shows the last `count` frames as one observation, oldest first, joined along the first axis: [1, 84, 84] becomes
 * [4, 84, 84] (Lapan's `BufferWrapper`). Frames before an episode's first are zeros.
 *
 * Observations are views of this wrapper's memory, overwritten by the next call.
 */
export class FrameStack<F extends Frame = Uint8Array> extends Wrapper<F, number> {
  readonly #space: Box<Element>;
  readonly count: number;
  /** The newest frame of the observation, [channels, height, width]: what a replay of single frames stores. A view. */
  readonly latestFrame: F;
  private readonly frames: F;

  /** @param count frames in an observation, from 1 to 10,000. Default 4.
   * @throws MismatchError unless observations are a Box of uint8 or float32, OptionError for another count. */
  constructor(env: Env<F, number>, count = 4) {
    super(env);
    const { kind, shape, dtype, low, high } = env.observationSpace as Partial<Box<Element>>;
    if (kind !== 'box' || (dtype !== 'uint8' && dtype !== 'float32') || !low || !high || !shape?.length) {
      throw new MismatchError(`FrameStack needs a Box of uint8 or float32, got ${env.observationSpace}.`);
    }
    checkStackSize('count', count);
    this.count = count;
    const bounds = (frame: Frame): Float64Array => joinNumbers(new Array<Frame>(count).fill(frame));
    const stacked = [shape[0] * count, ...shape.slice(1)];
    this.#space = new Box<Element>(bounds(low), bounds(high), stacked, dtype);
    const size = this.#space.size;
    this.frames = (dtype === 'uint8' ? new Uint8Array(size) : new Float32Array(size)) as F;
    this.latestFrame = this.frames.subarray(size - size / count) as F;
  }

  override get observationSpace(): Space<F> {
    return this.#space as Space as Space<F>;
  }

  override reset(options?: ResetOptions): ResetResult<F> {
    const result = this.env.reset(options);
    this.frames.fill(0);
    this.latestFrame.set(result.observation);
    result.observation = this.frames;
    return result;
  }

  override step(action: number): StepResult<F> {
    const result = this.env.step(action);
    this.frames.copyWithin(0, this.latestFrame.length);
    this.latestFrame.set(result.observation);
    result.observation = this.frames;
    return result;
  }

  protected override saveOwnState(): Snapshot {
    return this.frames.slice();
  }

  protected override restoreOwnState(state: Snapshot): void {
    restoreArray(state, 'frame stack', this.frames);
  }
}

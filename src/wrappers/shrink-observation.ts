import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';
import { Box } from '../spaces/box.ts';
import type { ScreenShrinker } from './screen-shrinker.ts';

/**
 * Base of the wrappers that shrink pictures to one channel: observations are [height, width, 1], bytes, views of this wrapper's
 * memory.
 */
export abstract class ShrinkObservation extends Wrapper<Uint8Array, number> {
  readonly #space: Box<'uint8'>;
  readonly #shrinker: ScreenShrinker;
  readonly #out: Uint8Array;

  /** @param shrinker of this environment's pictures, to height times width pixels. */
  constructor(env: Env<Uint8Array, number>, shrinker: ScreenShrinker, height: number, width: number) {
    super(env);
    this.#shrinker = shrinker;
    this.#space = new Box(0, 255, [height, width, 1], 'uint8');
    this.#out = new Uint8Array(height * width);
  }

  override get observationSpace(): Box<'uint8'> {
    return this.#space;
  }

  override reset(options?: ResetOptions): ResetResult<Uint8Array> {
    const result = this.env.reset(options);
    this.#shrinker.shrink(result.observation, this.#out);
    result.observation = this.#out;
    return result;
  }

  override step(action: number): StepResult<Uint8Array> {
    const result = this.env.step(action);
    this.#shrinker.shrink(result.observation, this.#out);
    result.observation = this.#out;
    return result;
  }

  protected override restoreOwnState(_state: Snapshot): void {
    this.#shrinker.forget();
  }
}

import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';
import { Box } from '../spaces/box.ts';
import { pictureShape, ScreenShrinker } from './screen-shrinker.ts';

/** Brightness of a colour in bytes, as OpenCV's `COLOR_RGB2GRAY` rounds it: ITU-R 601 weights in 15 bits. */
export function opencvGray(red: number, green: number, blue: number): number {
  return (red * 9798 + green * 19235 + blue * 3735 + 16384) >> 15;
}

/**
 * Shrinks pictures to 84x84 of one channel (Mnih et al. 2015, Methods; Stable-Baselines3's `WarpFrame`): OpenCV's
 * gray, then its area resize of the whole picture. Observations are [height, width, 1], views of this wrapper's memory.
 */
export class WarpFrame extends Wrapper<Uint8Array, number> {
  readonly #space: Box<'uint8'>;
  private readonly shrinker: ScreenShrinker;
  private readonly out: Uint8Array;

  /** @throws MismatchError when observations are no pictures, OptionError when they are smaller than the result. */
  constructor(env: Env<Uint8Array, number>, width = 84, height = 84) {
    super(env);
    const shape = pictureShape(env, 'WarpFrame');
    this.shrinker = new ScreenShrinker(env, shape, width, height, opencvGray, 'nearest');
    this.#space = new Box(0, 255, [height, width, 1], 'uint8');
    this.out = new Uint8Array(height * width);
  }

  override get observationSpace(): Box<'uint8'> {
    return this.#space;
  }

  override reset(options?: ResetOptions): ResetResult<Uint8Array> {
    const result = this.env.reset(options);
    this.shrinker.shrink(result.observation, this.out);
    result.observation = this.out;
    return result;
  }

  override step(action: number): StepResult<Uint8Array> {
    const result = this.env.step(action);
    this.shrinker.shrink(result.observation, this.out);
    result.observation = this.out;
    return result;
  }

  protected override restoreOwnState(_state: Snapshot): void {
    this.shrinker.forget();
  }
}

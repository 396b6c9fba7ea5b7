import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import { Wrapper } from '../core/wrapper.ts';
import { Box } from '../spaces/box.ts';

/**
 * Moves the channels of a picture to the front: [height, width, channels] to [channels, height, width] (Lapan's
 * `ImageToPyTorch`). With one channel the memory is the same and is passed on as it is.
 */
export class ImageToChw extends Wrapper<Uint8Array, number> {
  readonly #space: Box<'uint8'>;
  private readonly channels: number;
  private readonly pixels: number;
  private readonly out: Uint8Array;

  /** @throws MismatchError unless observations are a Box of bytes with three axes. */
  constructor(env: Env<Uint8Array, number>) {
    super(env);
    const { kind, shape, dtype } = env.observationSpace as Partial<Box<'uint8'>>;
    if (kind !== 'box' || dtype !== 'uint8' || shape?.length !== 3) {
      throw new MismatchError(
        `ImageToChw needs a Box (height, width, channels) of uint8, got ${env.observationSpace}.`,
      );
    }
    const [height, width, channels] = shape;
    this.channels = channels;
    this.pixels = height * width;
    this.#space = new Box(0, 255, [channels, height, width], 'uint8');
    this.out = new Uint8Array(channels === 1 ? 0 : this.pixels * channels);
  }

  override get observationSpace(): Box<'uint8'> {
    return this.#space;
  }

  override reset(options?: ResetOptions): ResetResult<Uint8Array> {
    const result = this.env.reset(options);
    result.observation = this.move(result.observation);
    return result;
  }

  override step(action: number): StepResult<Uint8Array> {
    const result = this.env.step(action);
    result.observation = this.move(result.observation);
    return result;
  }

  private move(observation: Uint8Array): Uint8Array {
    const channels = this.channels;
    const pixels = this.pixels;
    const out = this.out;
    if (channels === 1) return observation;
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < pixels; i++) out[c * pixels + i] = observation[i * channels + c];
    }
    return out;
  }
}

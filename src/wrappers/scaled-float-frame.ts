import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import { Wrapper } from '../core/wrapper.ts';
import { Box } from '../spaces/box.ts';

/** Bytes to [0, 1]: b / 255 in single precision. */
const SCALED = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * Bytes 0 to 255 to float32 from 0 to 1 (Lapan's `ScaledFloatFrame`). Observations are views of this wrapper's
 * memory. A replay of such frames takes four times the memory of bytes.
 */
export class ScaledFloatFrame extends Wrapper<Float32Array, number, Uint8Array> {
  readonly #space: Box<'float32'>;
  private readonly out: Float32Array;

  /** @throws MismatchError unless observations are a Box of bytes. */
  constructor(env: Env<Uint8Array, number>) {
    super(env);
    const { kind, shape, dtype } = env.observationSpace as Partial<Box<'uint8'>>;
    if (kind !== 'box' || dtype !== 'uint8' || shape === undefined) {
      throw new MismatchError(`ScaledFloatFrame needs a Box of uint8, got ${env.observationSpace}.`);
    }
    this.#space = new Box(0, 1, shape, 'float32');
    this.out = new Float32Array(this.#space.size);
  }

  override get observationSpace(): Box<'float32'> {
    return this.#space;
  }

  override reset(options?: ResetOptions): ResetResult<Float32Array> {
    const { observation, info } = this.env.reset(options);
    return { observation: this.scale(observation), info };
  }

  override step(action: number): StepResult<Float32Array> {
    const { observation, reward, terminated, truncated, info } = this.env.step(action);
    return { observation: this.scale(observation), reward, terminated, truncated, info };
  }

  private scale(observation: Uint8Array): Float32Array {
    const out = this.out;
    for (let i = 0; i < out.length; i++) out[i] = SCALED[observation[i]];
    return out;
  }
}

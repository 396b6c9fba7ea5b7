import type { Env } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import { booleanOption } from '../core/options.ts';
import type { Space } from '../core/space.ts';
import { Box } from '../spaces/box.ts';
import { observationBox } from './box-wrapped.ts';
import { TransformObservation } from './transform-observation.ts';

/**
 * Pictures [height, width, 3] in shades of gray, [height, width] or [height, width, 1], fresh arrays (Gymnasium's
 * `GrayscaleObservation`: ITU-R 709 weights, rounded down). `WarpFrame` has the gray of the Atari papers' code.
 */
export class GrayscaleObservation<A = unknown> extends TransformObservation<Uint8Array, Uint8Array, A> {
  /** @param keepDim whether the last axis stays, with one element. Default false.
   * @throws MismatchError unless observations are pictures of three bytes a pixel, OptionError for a keepDim that is no boolean. */
  constructor(env: Env<Uint8Array, A>, keepDim?: boolean) {
    const { shape, dtype } = observationBox(env as Env, 'GrayscaleObservation');
    if (dtype !== 'uint8' || shape.length !== 3 || shape[2] !== 3) {
      throw new MismatchError(
        `GrayscaleObservation needs pictures (height, width, 3) of uint8, got ${env.observationSpace}.`,
      );
    }
    const [height, width] = shape;
    const keepsDim = booleanOption('keepDim', keepDim, false);
    const space = new Box(0, 255, keepsDim ? [height, width, 1] : [height, width], 'uint8');
    const gray = (rgb: Uint8Array): Uint8Array => {
      const out = new Uint8Array(height * width);
      for (let i = 0, p = 0; i < out.length; i++, p += 3) {
        out[i] = rgb[p] * 0.2125 + rgb[p + 1] * 0.7154 + rgb[p + 2] * 0.0721;
      }
      return out;
    };
    super(env, gray, space as Space as Space<Uint8Array>);
  }
}

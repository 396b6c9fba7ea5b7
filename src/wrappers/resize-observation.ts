import type { Env } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { Box } from '../spaces/box.ts';
import { AreaResize } from './area-resize.ts';
import { observationBox } from './box-wrapped.ts';
import { TransformObservation } from './transform-observation.ts';

/**
 * Shrinks pictures by averaging areas, as OpenCV does: [height, width] or [height, width, channels] of bytes, fresh arrays
 * (Gymnasium's `ResizeObservation`, which can also enlarge).
 */
export class ResizeObservation<A = unknown> extends TransformObservation<Uint8Array, Uint8Array, A> {
  /** @param shape height and width, not larger than before.
   * @throws MismatchError unless observations are pictures of bytes, OptionError for a shape that does not fit. */
  constructor(env: Env<Uint8Array, A>, shape: readonly [height: number, width: number]) {
    const { shape: from, dtype } = observationBox(env as Env, 'ResizeObservation');
    if (dtype !== 'uint8' || (from.length !== 2 && from.length !== 3)) {
      throw new MismatchError(`ResizeObservation needs pictures of uint8, got ${env.observationSpace}.`);
    }
    if (!Array.isArray(shape) || shape.length !== 2) throw new OptionError('shape', shape, 'height and width');
    const [inHeight, inWidth, channels = 1] = from;
    const [height, width] = shape;
    const resizer = new AreaResize(inWidth, inHeight, width, height);
    const line = new Float32Array(inWidth);
    const one = new Uint8Array(height * width);
    const resize = (picture: Uint8Array): Uint8Array => {
      const out = new Uint8Array(height * width * channels);
      for (let c = 0; c < channels; c++) {
        for (let y = 0; y < inHeight; y++) {
          for (let x = 0; x < inWidth; x++) line[x] = picture[(y * inWidth + x) * channels + c];
          resizer.setRow(y, line);
        }
        resizer.finish(one, 'nearest');
        for (let i = 0; i < one.length; i++) out[i * channels + c] = one[i];
      }
      return out;
    };
    const space = new Box(0, 255, from.length === 2 ? [height, width] : [height, width, channels], 'uint8');
    super(env, resize, space as Space as Space<Uint8Array>);
  }
}

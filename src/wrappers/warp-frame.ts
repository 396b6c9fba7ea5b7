import type { Env } from '../core/env.ts';
import { pictureShape, ScreenShrinker } from './screen-shrinker.ts';
import { ShrinkObservation } from './shrink-observation.ts';

/** Brightness of a colour in bytes, as OpenCV's `COLOR_RGB2GRAY` rounds it: ITU-R 601 weights in 15 bits. */
export function opencvGray(red: number, green: number, blue: number): number {
  return (red * 9798 + green * 19235 + blue * 3735 + 16384) >> 15;
}

/**
 * Shrinks pictures to 84x84 of one channel (Mnih et al. 2015, Methods; Stable-Baselines3's `WarpFrame`): OpenCV's
 * gray, then its area resize of the whole picture. Observations are [height, width, 1], views of this wrapper's memory.
 */
export class WarpFrame extends ShrinkObservation {
  /** @throws MismatchError when observations are no pictures, OptionError when they are smaller than the result. */
  constructor(env: Env<Uint8Array, number>, width = 84, height = 84) {
    const shape = pictureShape(env, 'WarpFrame');
    super(env, new ScreenShrinker(env, shape, width, height, opencvGray, 'nearest'), height, width);
  }
}

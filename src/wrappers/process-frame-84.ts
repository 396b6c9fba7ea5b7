import type { Env } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { pictureShape, ScreenShrinker } from './screen-shrinker.ts';
import { ShrinkObservation } from './shrink-observation.ts';

/** The whole picture shrinks to 110 rows for every 84 columns, of which those from the 18th on stay. */
const WHOLE_HEIGHT = 110 / 84;
const CROP_TOP = 18 / 84;

/** Brightness with ITU-R 601 weights, in single precision like NumPy's float32 arithmetic. */
export function float32Gray(red: number, green: number, blue: number): number {
  const { fround } = Math;
  return fround(fround(fround(red * RED) + fround(green * GREEN)) + fround(blue * BLUE));
}
const RED = Math.fround(0.299);
const GREEN = Math.fround(0.587);
const BLUE = Math.fround(0.114);

/**
 * The second edition's `ProcessFrame84` (Lapan, Deep Reinforcement Learning Hands-On, 2nd ed., chapter 6, after OpenAI
 * Baselines): brightness in float32, area resize of the 210x160 picture to 110 rows of 84, rows 18 to 101 of it, rounded
 * down to bytes. Observations are [size, size, 1], views of this wrapper's memory; with size 42 everything is halved.
 */
export class ProcessFrame84 extends ShrinkObservation {
  /**
   * @param size side of the result; 84 is the book's.
   * @throws MismatchError unless observations are [210, 160, 3] or [250, 160, 3], OptionError for another size than 84 or 42.
   */
  constructor(env: Env<Uint8Array, number>, size = 84) {
    if (size !== 84 && size !== 42) throw new OptionError('size', size, '84 or 42');
    const shape = pictureShape(env, 'ProcessFrame84');
    const [height, width, channels] = shape;
    if ((height !== 210 && height !== 250) || width !== 160 || channels !== 3) {
      throw new MismatchError(`ProcessFrame84 needs pictures of 210x160 or 250x160 RGB, got ${env.observationSpace}.`);
    }
    const rows = Math.round(size * WHOLE_HEIGHT);
    const top = Math.round(size * CROP_TOP);
    super(env, new ScreenShrinker(env, shape, size, rows, float32Gray, 'down', top), size, size);
  }
}

import type { Env } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { sizeOf } from '../core/shape.ts';
import type { Space } from '../core/space.ts';
import { Box, type BoxArrays, type BoxType } from '../spaces/box.ts';
import { observationBox } from './box-wrapped.ts';
import { TransformObservation } from './transform-observation.ts';

/** Gives the observations of a box another shape (Gymnasium's `ReshapeObservation`); their memory stays. */
export class ReshapeObservation<O extends BoxArrays[BoxType], A = unknown> extends TransformObservation<O, O, A> {
  /** @throws MismatchError unless observations are a Box, OptionError for a shape with another number of elements. */
  constructor(env: Env<O, A>, shape: readonly number[]) {
    const box = observationBox(env as Env, 'ReshapeObservation');
    const fits = Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n) && n > 0);
    if (!fits || sizeOf(shape) !== box.size) {
      throw new OptionError('shape', shape, `positive integers with the product ${box.size}`);
    }
    const space = new Box<BoxType>(box.low, box.high, shape, box.dtype);
    super(env, (observation) => observation, space as Space as Space<O>);
  }
}

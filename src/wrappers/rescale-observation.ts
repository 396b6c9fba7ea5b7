import type { Env } from '../core/env.ts';
import type { Space } from '../core/space.ts';
import type { BoxArrays, BoxType } from '../spaces/box.ts';
import { observationBox } from './box-wrapped.ts';
import { rescaleBox } from './rescale-box.ts';
import { TransformObservation } from './transform-observation.ts';

/** Maps observations linearly to new bounds, into fresh arrays (Gymnasium's `RescaleObservation`). */
export class RescaleObservation<O extends BoxArrays[BoxType], A = unknown> extends TransformObservation<O, O, A> {
  /** @param minObservation one bound for all elements, or one for each; infinite where the space's is.
   * @throws MismatchError unless observations are a Box, OptionError for bounds that do not fit. */
  constructor(env: Env<O, A>, minObservation: number | ArrayLike<number>, maxObservation: number | ArrayLike<number>) {
    const box = observationBox(env as Env, 'RescaleObservation');
    const { space, forward } = rescaleBox(box, minObservation, maxObservation);
    super(env, forward<O>, space as Space as Space<O>);
  }
}

import type { Env } from '../core/env.ts';
import type { Space } from '../core/space.ts';
import type { BoxArrays, BoxType } from '../spaces/box.ts';
import { flattenInto, flattenSpace } from '../spaces/flatten.ts';
import { TransformObservation } from './transform-observation.ts';

/** Observations in one axis, discrete values as one-hot vectors (Gymnasium's `FlattenObservation`); fresh arrays. */
export class FlattenObservation<A = unknown> extends TransformObservation<BoxArrays[BoxType], unknown, A> {
  /** @throws UnavailableError for a space that has no flat form. */
  constructor(env: Env<unknown, A>) {
    const inner: Space = env.observationSpace;
    const flat = flattenSpace(inner);
    const flatten = (observation: unknown): BoxArrays[BoxType] => {
      const out = flat.low.slice();
      flattenInto(inner, observation, out);
      return out;
    };
    super(env, flatten, flat);
  }
}

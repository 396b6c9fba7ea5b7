import type { Env } from '../core/env.ts';
import type { Space } from '../core/space.ts';
import { Box, type BoxArrays, type BoxType } from '../spaces/box.ts';
import { actionBox } from './box-wrapped.ts';
import { TransformAction } from './transform-action.ts';

/** Takes any numbers as actions and clips them to the bounds of the environment (Gymnasium's `ClipAction`). */
export class ClipAction<O, A extends BoxArrays[BoxType]> extends TransformAction<O, A, A> {
  /** @throws MismatchError unless actions are a Box, OptionError for one of a type without sign. */
  constructor(env: Env<O, A>) {
    const { low, high, shape, dtype } = actionBox(env as Env, 'ClipAction');
    const clip = (action: A): A => {
      const out: BoxArrays[BoxType] = action.slice();
      for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(out[i], low[i]), high[i]);
      return out as A;
    };
    const unbounded = new Box<BoxType>(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, shape, dtype);
    super(env, clip, unbounded as Space as Space<A>);
  }
}

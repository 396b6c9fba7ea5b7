import type { Env } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import type { BoxArrays, BoxType } from '../spaces/box.ts';
import { actionBox } from './box-wrapped.ts';
import { rescaleBox } from './rescale-box.ts';
import { TransformAction } from './transform-action.ts';

/** Takes actions between new bounds and maps them linearly to those of the environment (Gymnasium's `RescaleAction`). */
export class RescaleAction<O, A extends BoxArrays[BoxType]> extends TransformAction<O, A, A> {
  /** @param minAction one bound for all elements, or one for each; below `maxAction`.
   * @throws MismatchError unless actions are a Box, OptionError for bounds that do not fit. */
  constructor(env: Env<O, A>, minAction: number | ArrayLike<number>, maxAction: number | ArrayLike<number>) {
    const box = actionBox(env as Env, 'RescaleAction');
    const { space, backward } = rescaleBox(box, minAction, maxAction);
    for (let i = 0; i < space.size; i++) {
      if (space.low[i] === space.high[i]) throw new OptionError('minAction', minAction, 'below maxAction everywhere');
    }
    const toEnvironment = (action: A): A => {
      const out: BoxArrays[BoxType] = backward(action);
      // Rounding may carry a bound a little outside, which the environments here refuse.
      for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(out[i], box.low[i]), box.high[i]);
      return out as A;
    };
    super(env, toEnvironment, space as Space as Space<A>);
  }
}

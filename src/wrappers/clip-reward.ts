import type { Env } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { TransformReward } from './transform-reward.ts';

/**
 * Bounds rewards. Without bounds they become their sign, -1, 0 or 1 (Mnih et al. 2015, Methods); with one or two they
 * are clipped to them (Gymnasium's `ClipReward`). Statistics of true scores belong below it.
 */
export class ClipReward<O = unknown, A = unknown> extends TransformReward<O, A> {
  /** @throws OptionError when a bound is NaN, or the first above the second. */
  constructor(env: Env<O, A>, minReward?: number | null, maxReward?: number | null) {
    const bounded = typeof minReward === 'number' || typeof maxReward === 'number';
    const low = minReward ?? Number.NEGATIVE_INFINITY;
    const high = maxReward ?? Number.POSITIVE_INFINITY;
    if (typeof low !== 'number' || Number.isNaN(low)) throw new OptionError('minReward', minReward, 'a number');
    if (typeof high !== 'number' || !(high >= low)) {
      throw new OptionError('maxReward', maxReward, `a number not below minReward (${low})`);
    }
    super(env, bounded ? (reward) => Math.min(Math.max(reward, low), high) : Math.sign);
  }
}

/**
 * Munchausen reinforcement learning (Vieillard et al. 2020, Eq. 2): the reward gains the scaled log-policy of the action
 * taken, and the best next action gives way to the softmax policy pi = softmax(q / tau) of the target network q:
 *
 *     r + alpha [tau log pi(a | s)] clipped to [l0, 0] + discount sum_a' pi(a' | s') (q(s', a') - tau log pi(a' | s'))
 *
 * With n-step returns r is their sum, and the term is that of their first action alone (Clark et al. 2025): the other steps'
 * actions are the environment's history, of which the replay has no observations at hand.
 *
 * With quantiles every one is treated so (section 4, Munchausen-IQN).
 */
import { OptionError } from '../core/errors.ts';
import { add, clip, div, expandDims, logSoftmax, mul, reduceSum, softmax, sub, type Tensor } from '../graph/index.ts';
import type { Bootstrap } from './bootstrap.ts';
import { takeActions } from './value-head.ts';

export interface MunchausenOptions {
  /** Scale of the log-policy, in [0, 1]; the paper takes 0.9. */
  readonly alpha: number;
  /** tau, above 0; the paper takes 0.03. */
  readonly temperature: number;
  /** l0, below 0; the paper takes -1. */
  readonly clip: number;
}

/** @throws OptionError when an option is out of range. */
export function munchausenBootstrap({ alpha, temperature: tau, clip: l0 }: MunchausenOptions): Bootstrap {
  if (!(alpha >= 0 && alpha <= 1)) throw new OptionError('munchausenAlpha', alpha, 'a number from 0 to 1');
  if (!(tau > 0)) throw new OptionError('munchausenTemperature', tau, 'a number above 0');
  if (!(l0 < 0)) throw new OptionError('munchausenClip', l0, 'a number below 0');
  return ({ values, actions, rewards, target, allowed }) => {
    const logPolicy = (q: Tensor) => mul(logSoftmax(div(q, tau)), tau);
    const taken = takeActions(logPolicy(allowed.current(values.expectedQ(target.current()))), actions);
    const next = target.next();
    const q = allowed.next(target.nextQ());
    const perRow = (x: Tensor) => (next.shape.length === 3 ? expandDims(x, 2) : x);
    const soft = reduceSum(mul(perRow(softmax(div(q, tau))), sub(next, perRow(logPolicy(q)))), 1);
    return { rewards: add(rewards, mul(clip(taken, l0, 0), alpha)), next: soft };
  };
}

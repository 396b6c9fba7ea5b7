/**
 * Double DQN (van Hasselt et al. 2016, Eq. 4): the online network chooses the next action, the target network values it,
 *
 *     y = r + discount * Q_target(s', argmax_a Q(s', a))
 *
 * so that an error that makes an action look good does not also set its value. With distributions the choice is by their
 * means (Hessel et al. 2018).
 */
import type { Bootstrap } from './bootstrap.ts';
import { takeBest } from './value-head.ts';

export const doubleBootstrap: Bootstrap = ({ values, rewards, online, target, allowed }) => ({
  rewards,
  next: takeBest(target.next(), allowed.next(values.expectedQ(online.next()))),
});

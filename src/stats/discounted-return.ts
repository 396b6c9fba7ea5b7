import { OptionError } from '../core/errors.ts';

/**
 * r_1 + gamma r_2 + gamma^2 r_3 + ... (Sutton & Barto, 2nd ed., Eq. 3.8): what an agent with this gamma learns to raise, where
 * scores are undiscounted.
 * @param rewards of an episode, in order.
 * @throws OptionError for a gamma outside 0 to 1.
 */
export function discountedReturn(rewards: ArrayLike<number>, gamma: number): number {
  if (!(gamma >= 0 && gamma <= 1)) throw new OptionError('gamma', gamma, 'a number from 0 to 1');
  // From the end: no powers, and the smallest terms first.
  let sum = 0;
  for (let t = rewards.length - 1; t >= 0; t--) sum = rewards[t] + gamma * sum;
  return sum;
}

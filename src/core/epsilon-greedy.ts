/**
 * The epsilon-greedy policy (Sutton & Barto, 2nd ed., section 2.2): a random action with probability epsilon, else the one
 * with the largest value. One draw decides, a second one, of another generator where the caller has one, explores.
 */
import { argMax } from './arg-max.ts';
import type { Generator } from './random/index.ts';

/** Whether an epsilon-greedy policy explores now: one draw. */
export function explores(epsilon: number, coins: Generator): boolean {
  return coins.random() < epsilon;
}

/** Stands for an action that `fillGreedy` still has to choose. */
export const GREEDY = -1;

/**
 * Draws the random actions of several environments.
 * @param dice draws the random actions; may be `coins`.
 * @param out [environments], overwritten: an action from 0 to `actions` - 1, or `GREEDY`.
 * @returns whether any environment acts greedily.
 */
export function drawExploration(
  epsilon: number,
  coins: Generator,
  dice: Generator,
  actions: number,
  out: Int32Array,
): boolean {
  for (let n = 0; n < out.length; n++) out[n] = explores(epsilon, coins) ? dice.integers(actions) : GREEDY;
  return out.includes(GREEDY);
}

/**
 * Puts the best action where `GREEDY` stands, the first of equals.
 * @param q [environments, actions] row-major.
 */
export function fillGreedy(q: ArrayLike<number>, actions: number, out: Int32Array): void {
  for (let n = 0; n < out.length; n++) if (out[n] === GREEDY) out[n] = argMax(q, n * actions, actions);
}

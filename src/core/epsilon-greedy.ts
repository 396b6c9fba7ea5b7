/**
 * The epsilon-greedy policy (Sutton & Barto, 2nd ed., section 2.2): a random action with probability epsilon, else the one
 * with the largest value. One draw decides, a second one, of another generator where the caller has one, explores. With
 * action masks both kinds of action are among the allowed ones.
 */
import { argMax, argMaxAllowed } from './arg-max.ts';
import type { Generator } from './random/index.ts';

/** Whether an epsilon-greedy policy explores now: one draw. */
export function explores(epsilon: number, coins: Generator): boolean {
  return coins.random() < epsilon;
}

/** Stands for an action that `fillGreedy` still has to choose. */
export const GREEDY = -1;

/**
 * Draws the random actions of several environments.
 * @param epsilon of all, or [environments], of each.
 * @param dice draws the random actions; may be `coins`.
 * @param out [environments], overwritten: an action from 0 to `actions` - 1, or `GREEDY`.
 * @param masks [environments, actions] 1 for each allowed action, at least one for each environment; undefined for all.
 * @returns whether any environment acts greedily.
 */
export function drawExploration(
  epsilon: number | Float64Array,
  coins: Generator,
  dice: Generator,
  actions: number,
  out: Int32Array,
  masks?: Uint8Array,
): boolean {
  for (let n = 0; n < out.length; n++) {
    if (!explores(typeof epsilon === 'number' ? epsilon : epsilon[n], coins)) out[n] = GREEDY;
    else out[n] = masks === undefined ? dice.integers(actions) : drawAllowed(dice, masks, n * actions, actions);
  }
  return out.includes(GREEDY);
}

/** One draw among the allowed actions, each with the same probability, as Gymnasium's `Discrete.sample(mask)`. */
function drawAllowed(dice: Generator, masks: Uint8Array, offset: number, actions: number): number {
  let allowed = 0;
  for (let i = 0; i < actions; i++) allowed += masks[offset + i];
  let skip = dice.integers(allowed);
  let action = 0;
  while (masks[offset + action] === 0 || skip-- > 0) action++;
  return action;
}

/**
 * Puts the best action where `GREEDY` stands, the first of equals.
 * @param q [environments, actions] row-major.
 * @param masks as of `drawExploration`.
 */
export function fillGreedy(q: ArrayLike<number>, actions: number, out: Int32Array, masks?: Uint8Array): void {
  for (let n = 0; n < out.length; n++) {
    if (out[n] !== GREEDY) continue;
    const from = n * actions;
    out[n] = masks === undefined ? argMax(q, from, actions) : argMaxAllowed(q, masks, from, actions);
  }
}

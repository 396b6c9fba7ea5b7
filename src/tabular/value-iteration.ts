import type { Info } from '../core/env.ts';
import { restoreArray } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { ActionMasks } from './action-masks.ts';
import { SampledModelAgent } from './sampled-model-agent.ts';
import type { TransitionTable } from './transition-table.ts';

/**
 * Value of an action by what has been seen of it: sum over outcomes of count / total * (reward + gamma * V(s')), where an end
 * is worth its reward alone; 0 for an action that was never seen.
 * @param values [nStates] V. Read only.
 */
export function sampledActionValue(
  table: TransitionTable,
  values: Float64Array,
  gamma: number,
  state: number,
  action: number,
): number {
  const { width, totals, used, outcomes, counts, rewards } = table;
  const pair = state * table.nActions + action;
  const total = totals[pair];
  const start = pair * width;
  const end = start + used[pair];
  let value = 0;
  for (let i = start; i < end; i++) {
    const next = outcomes[i];
    value += (counts[i] / total) * (next < 0 ? rewards[i] : rewards[i] + gamma * values[next]);
  }
  return value;
}

/** The action with the largest `sampledActionValue`, ties to the lowest.
 * @param mask [nActions], 1 for each action to choose among; undefined for all. */
export function sampledGreedyAction(
  table: TransitionTable,
  values: Float64Array,
  gamma: number,
  state: number,
  mask?: Int8Array,
): number {
  let best = -1;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let action = 0; action < table.nActions; action++) {
    if (mask !== undefined && mask[action] === 0) continue;
    const value = sampledActionValue(table, values, gamma, state, action);
    if (best < 0 || value > bestValue) {
      best = action;
      bestValue = value;
    }
  }
  return best;
}

/** One sweep of value iteration over a sampled model: V(s) = max over a of `sampledActionValue`, in place.
 * @param values [nStates] V, updated.
 * @param masks among whose actions a is; undefined for all. */
export function sweepStateValues(
  table: TransitionTable,
  values: Float64Array,
  gamma: number,
  masks?: ActionMasks,
): void {
  for (let state = 0; state < table.nStates; state++) {
    const mask = masks?.of(state);
    let best = Number.NEGATIVE_INFINITY;
    for (let action = 0; action < table.nActions; action++) {
      if (mask !== undefined && mask[action] === 0) continue;
      best = Math.max(best, sampledActionValue(table, values, gamma, state, action));
    }
    values[state] = best;
  }
}

/** Value iteration that learns transitions and rewards from samples: tables of counts, of rewards and of V. */
export class ValueIterationAgent extends SampledModelAgent {
  /** [nStates] V, the agent's own; changes with every iteration. */
  readonly values = new Float64Array(this.nStates);

  greedyAction(state: number, info?: Info): number {
    return sampledGreedyAction(this.table, this.values, this.config.gamma, state, this.masks?.of(state, info));
  }
  stateValues(): Float64Array {
    return this.values.slice();
  }
  actionValues(): Float64Array {
    return Float64Array.from({ length: this.nStates * this.nActions }, (_, pair) =>
      sampledActionValue(
        this.table,
        this.values,
        this.config.gamma,
        Math.floor(pair / this.nActions),
        pair % this.nActions,
      ),
    );
  }
  protected sweep(): void {
    sweepStateValues(this.table, this.values, this.config.gamma, this.masks);
  }
  protected saveValues(): Snapshot {
    return this.values.slice();
  }
  protected restoreValues(state: Snapshot): void {
    restoreArray(state, 'table', this.values);
  }
}

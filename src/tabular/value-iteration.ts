import type { Snapshot } from '../core/snapshot.ts';
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

/** The action with the largest `sampledActionValue`, ties to the lowest. */
export function sampledGreedyAction(
  table: TransitionTable,
  values: Float64Array,
  gamma: number,
  state: number,
): number {
  let best = 0;
  let bestValue = sampledActionValue(table, values, gamma, state, 0);
  for (let action = 1; action < table.nActions; action++) {
    const value = sampledActionValue(table, values, gamma, state, action);
    if (value > bestValue) {
      best = action;
      bestValue = value;
    }
  }
  return best;
}

/** One sweep of value iteration over a sampled model: V(s) = max over a of `sampledActionValue`, in place.
 * @param values [nStates] V, updated. */
export function sweepStateValues(table: TransitionTable, values: Float64Array, gamma: number): void {
  for (let state = 0; state < table.nStates; state++) {
    let best = sampledActionValue(table, values, gamma, state, 0);
    for (let action = 1; action < table.nActions; action++) {
      best = Math.max(best, sampledActionValue(table, values, gamma, state, action));
    }
    values[state] = best;
  }
}

/** Value iteration that learns transitions and rewards from samples: tables of counts, of rewards and of V. */
export class ValueIterationAgent extends SampledModelAgent {
  /** [nStates] V, the agent's own; changes with every iteration. */
  readonly values = new Float64Array(this.nStates);

  greedyAction(state: number): number {
    return sampledGreedyAction(this.table, this.values, this.config.gamma, state);
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
    sweepStateValues(this.table, this.values, this.config.gamma);
  }
  protected saveValues(): Snapshot {
    return this.values.slice();
  }
  protected restoreValues(state: Snapshot): void {
    this.values.set(state as Float64Array);
  }
}

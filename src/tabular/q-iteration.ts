import type { Info } from '../core/env.ts';
import { restoreArray } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { ActionMasks } from './action-masks.ts';
import { bestAction, bestValue, stateValuesOf } from './action-values.ts';
import { SampledModelAgent } from './sampled-model-agent.ts';
import type { TransitionTable } from './transition-table.ts';

/**
 * One sweep of Q-iteration over a sampled model, in place: Q(s, a) = sum over outcomes of
 * count / total * (reward + gamma * max over a' of Q(s', a')), where an end is worth its reward alone; 0 for a pair
 * that was never seen.
 * @param q [nStates, nActions] row-major, updated.
 * @param masks among whose actions a' is; undefined for all.
 */
export function sweepActionValues(table: TransitionTable, q: Float64Array, gamma: number, masks?: ActionMasks): void {
  const { nActions, width, totals, used, outcomes, counts, rewards } = table;
  for (let pair = 0; pair < q.length; pair++) {
    const total = totals[pair];
    const start = pair * width;
    const end = start + used[pair];
    let value = 0;
    for (let i = start; i < end; i++) {
      const next = outcomes[i];
      const following = next < 0 ? rewards[i] : rewards[i] + gamma * bestValue(q, nActions, next, masks?.of(next));
      value += (counts[i] / total) * following;
    }
    q[pair] = value;
  }
}

/** Q-iteration that learns transitions and rewards from samples: as value iteration, with a table of Q instead of V, so that
 * acting needs no model. */
export class QIterationAgent extends SampledModelAgent {
  /** [nStates, nActions] row-major Q, the agent's own; changes with every iteration. */
  readonly q = new Float64Array(this.nStates * this.nActions);

  greedyAction(state: number, info?: Info): number {
    return bestAction(this.q, this.nActions, state, this.masks?.of(state, info));
  }
  stateValues(): Float64Array {
    return stateValuesOf(this.q, this.nActions, this.actionMasks());
  }
  actionValues(): Float64Array {
    return this.q.slice();
  }
  protected sweep(): void {
    sweepActionValues(this.table, this.q, this.config.gamma, this.masks);
  }
  protected saveValues(): Snapshot {
    return this.q.slice();
  }
  protected restoreValues(state: Snapshot): void {
    restoreArray(state, 'table', this.q);
  }
}

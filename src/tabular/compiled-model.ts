import { OptionError } from '../core/errors.ts';
import type { TabularModel } from '../envs/tabular-model.ts';

/**
 * A model as flat arrays, so that sweeps touch no objects. Pair `p = state * nActions + action` owns the outcomes
 * `offsets[p]` to `offsets[p + 1] - 1`.
 */
export interface CompiledModel {
  readonly nStates: number;
  readonly nActions: number;
  /** [nStates * nActions + 1] */
  readonly offsets: Int32Array;
  /** [outcomes] */
  readonly probabilities: Float64Array;
  /** [outcomes]; -1 where the transition ends the episode, so that nothing can be bootstrapped by mistake. */
  readonly nextStates: Int32Array;
  /** [nStates * nActions] expected immediate reward r(s, a). */
  readonly expectedRewards: Float64Array;
}

/**
 * Checks a model and flattens it.
 * @throws OptionError when a table has the wrong size, a next state is unknown, or probabilities do not sum to 1 (within 1e-9).
 */
export function compileModel(model: TabularModel): CompiledModel {
  const { nStates, nActions, transitions } = model;
  if (transitions.length !== nStates) throw new OptionError('transitions', transitions.length, `${nStates} states`);
  const offsets = new Int32Array(nStates * nActions + 1);
  const expectedRewards = new Float64Array(nStates * nActions);
  const probabilities: number[] = [];
  const nextStates: number[] = [];
  for (let state = 0; state < nStates; state++) {
    const actions = transitions[state];
    if (actions.length !== nActions)
      throw new OptionError(`transitions[${state}]`, actions.length, `${nActions} actions`);
    for (let action = 0; action < nActions; action++) {
      const pair = state * nActions + action;
      const where = `transitions[${state}][${action}]`;
      let total = 0;
      for (const { probability, nextState, reward, terminated } of actions[action]) {
        if (!(probability >= 0 && probability <= 1))
          throw new OptionError(where, probability, 'a probability from 0 to 1');
        if (!Number.isInteger(nextState) || nextState < 0 || nextState >= nStates) {
          throw new OptionError(where, nextState, `a next state from 0 to ${nStates - 1}`);
        }
        total += probability;
        expectedRewards[pair] += probability * reward;
        probabilities.push(probability);
        nextStates.push(terminated ? -1 : nextState);
      }
      if (Math.abs(total - 1) > 1e-9) throw new OptionError(where, total, 'probabilities that sum to 1');
      offsets[pair + 1] = probabilities.length;
    }
  }
  return {
    nStates,
    nActions,
    offsets,
    probabilities: Float64Array.from(probabilities),
    nextStates: Int32Array.from(nextStates),
    expectedRewards,
  };
}

/**
 * Value of an action by the Bellman equation: Q(s, a) = r(s, a) + gamma * sum over s' of p(s' | s, a) V(s'), where an end is worth 0
 * (Sutton & Barto, Reinforcement Learning, 2nd ed., Eq. 4.2 without the maximum).
 * @param values [nStates] V. Read only.
 */
export function backup(
  model: CompiledModel,
  values: Float64Array,
  gamma: number,
  state: number,
  action: number,
): number {
  const { offsets, probabilities, nextStates, expectedRewards } = model;
  const pair = state * model.nActions + action;
  let next = 0;
  for (let i = offsets[pair]; i < offsets[pair + 1]; i++) {
    if (nextStates[i] >= 0) next += probabilities[i] * values[nextStates[i]];
  }
  return expectedRewards[pair] + gamma * next;
}

/** Q for every pair from V, by `backup`.
 * @returns [nStates, nActions] row-major, fresh. */
export function actionValuesOf(model: CompiledModel, values: Float64Array, gamma: number): Float64Array {
  const { nStates, nActions } = model;
  const q = new Float64Array(nStates * nActions);
  for (let state = 0; state < nStates; state++) {
    for (let action = 0; action < nActions; action++) {
      q[state * nActions + action] = backup(model, values, gamma, state, action);
    }
  }
  return q;
}

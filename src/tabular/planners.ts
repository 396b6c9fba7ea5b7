import { ShapeError } from '../core/errors.ts';
import type { TabularModel } from '../envs/tabular-model.ts';
import { bestAction, bestValue, greedyActions, stateValuesOf } from './action-values.ts';
import { actionValuesOf, backup, type CompiledModel } from './compiled-model.ts';
import {
  checkGamma,
  compiledForm,
  policyEvaluation,
  policyEvaluationExact,
  type SweepOptions,
} from './policy-evaluation.ts';

/**
 * Dynamic programming on a model that is known: what the sampled agents of this folder approach
 * (Bellman 1957; Howard 1960; Sutton & Barto, 2nd ed., chapter 4). In-place sweeps use new values at once and need fewer of them;
 * a synchronous sweep computes every value from the previous sweep's, so that k sweeps are exactly a k-step horizon.
 */
export interface PlanOptions extends SweepOptions {
  /** Discount from 0 to 1. With 1 every way of acting that pays must end, or the values grow without bound. */
  gamma: number;
  /** Default in-place. */
  sweep?: 'in-place' | 'synchronous';
}

export interface Plan {
  /** [nStates] V*, to the tolerance. */
  readonly values: Float64Array;
  /** [nStates, nActions] row-major Q*. */
  readonly actionValues: Float64Array;
  /** [nStates] greedy actions, ties to the lowest. */
  readonly policy: Int32Array;
  /** Sweeps over all states (policy iteration: all those of its evaluations). */
  readonly sweeps: number;
  /** False when `maxSweeps` ended it first. */
  readonly converged: boolean;
}

/** Value iteration: V(s) = max over a of r(s, a) + gamma * sum p V(s'), until V stands still.
 * @throws OptionError for a gamma or model that is not one. */
export function valueIteration(model: TabularModel | CompiledModel, options: PlanOptions): Plan {
  const { gamma, tolerance = 1e-12, maxSweeps = 100_000, sweep = 'in-place' } = options;
  checkGamma(gamma);
  const compiled = compiledForm(model);
  const { nStates, nActions } = compiled;
  const values = new Float64Array(nStates);
  const previous = sweep === 'in-place' ? values : new Float64Array(nStates);
  let sweeps = 0;
  let change = Number.POSITIVE_INFINITY;
  while (sweeps < maxSweeps && change > tolerance) {
    sweeps++;
    change = 0;
    if (previous !== values) previous.set(values);
    for (let state = 0; state < nStates; state++) {
      let best = backup(compiled, previous, gamma, state, 0);
      for (let action = 1; action < nActions; action++) {
        best = Math.max(best, backup(compiled, previous, gamma, state, action));
      }
      change = Math.max(change, Math.abs(best - values[state]));
      values[state] = best;
    }
  }
  const actionValues = actionValuesOf(compiled, values, gamma);
  return {
    values,
    actionValues,
    policy: greedyActions(actionValues, nActions),
    sweeps,
    converged: change <= tolerance,
  };
}

/** Q-iteration: Q(s, a) = r(s, a) + gamma * sum p max over a' of Q(s', a'), until Q stands still.
 * @throws OptionError for a gamma or model that is not one. */
export function qIteration(model: TabularModel | CompiledModel, options: PlanOptions): Plan {
  const { gamma, tolerance = 1e-12, maxSweeps = 100_000, sweep = 'in-place' } = options;
  checkGamma(gamma);
  const compiled = compiledForm(model);
  const { nStates, nActions, offsets, probabilities, nextStates, expectedRewards } = compiled;
  const actionValues = new Float64Array(nStates * nActions);
  const previous = sweep === 'in-place' ? actionValues : new Float64Array(actionValues.length);
  let sweeps = 0;
  let change = Number.POSITIVE_INFINITY;
  while (sweeps < maxSweeps && change > tolerance) {
    sweeps++;
    change = 0;
    if (previous !== actionValues) previous.set(actionValues);
    for (let pair = 0; pair < actionValues.length; pair++) {
      let next = 0;
      for (let i = offsets[pair]; i < offsets[pair + 1]; i++) {
        if (nextStates[i] >= 0) next += probabilities[i] * bestValue(previous, nActions, nextStates[i]);
      }
      const value = expectedRewards[pair] + gamma * next;
      change = Math.max(change, Math.abs(value - actionValues[pair]));
      actionValues[pair] = value;
    }
  }
  const values = stateValuesOf(actionValues, nActions);
  return {
    values,
    actionValues,
    policy: greedyActions(actionValues, nActions),
    sweeps,
    converged: change <= tolerance,
  };
}

export interface PolicyIterationOptions extends SweepOptions {
  /** As in `PlanOptions`. */
  gamma: number;
  /** [nStates] actions to begin with, read only; the lowest action everywhere by default. */
  initialPolicy?: Int32Array;
  /** `iterative` (default) sweeps each policy to the tolerance; `exact` solves a linear system of nStates unknowns. */
  evaluation?: 'iterative' | 'exact';
}

/** Each round betters the policy, and a handful is usual; the limit is for evaluations that `maxSweeps` cut short. */
const MAX_IMPROVEMENTS = 1000;

/** Policy iteration: evaluates a policy, makes it greedy, until it is greedy already. `improvements` counts the rounds.
 * An action is exchanged only for one that is better by more than 1e-10 (relative), so that rounding cannot make it go in circles.
 * @throws OptionError, ShapeError for a gamma, model or policy that is not one. */
export function policyIteration(
  model: TabularModel | CompiledModel,
  options: PolicyIterationOptions,
): Plan & { readonly improvements: number } {
  const { gamma, initialPolicy, evaluation = 'iterative' } = options;
  checkGamma(gamma);
  const compiled = compiledForm(model);
  const { nStates, nActions } = compiled;
  if (initialPolicy !== undefined && initialPolicy.length !== nStates) {
    throw new ShapeError(`initialPolicy: ${nStates} states need as many actions, got ${initialPolicy.length}.`);
  }
  const policy = initialPolicy?.slice() ?? new Int32Array(nStates);
  let values: Float64Array = new Float64Array(nStates);
  let sweeps = 0;
  let improvements = 0;
  for (;;) {
    const exact = evaluation === 'exact' ? policyEvaluationExact(compiled, policy, gamma) : undefined;
    let converged = exact !== undefined;
    if (exact !== undefined) values = exact;
    else {
      const swept = policyEvaluation(compiled, policy, gamma, { ...options, start: values });
      values = swept.values;
      sweeps += swept.sweeps;
      converged = swept.converged;
    }
    const actionValues = actionValuesOf(compiled, values, gamma);
    let stable = true;
    for (let state = 0; state < nStates; state++) {
      const best = bestAction(actionValues, nActions, state);
      const present = actionValues[state * nActions + policy[state]];
      if (actionValues[state * nActions + best] - present > 1e-10 * Math.max(1, Math.abs(present))) {
        policy[state] = best;
        stable = false;
      }
    }
    if (stable || improvements === MAX_IMPROVEMENTS)
      return { values, actionValues, policy, sweeps, converged: stable && converged, improvements };
    improvements++;
  }
}

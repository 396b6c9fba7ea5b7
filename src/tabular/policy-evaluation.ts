import { OptionError, ShapeError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import type { TabularModel } from '../envs/tabular-model.ts';
import { backup, type CompiledModel, compileModel } from './compiled-model.ts';
import { solveLinear } from './solve-linear.ts';

/**
 * What a policy does in each state: Int32Array [nStates] holds an action for each state; Float64Array
 * [nStates, nActions] row-major holds the probability of each action.
 */
export type PolicyTable = Int32Array | Float64Array;

export interface SweepOptions {
  /** Sweeps end when no value changed by more than this. Default 1e-12. */
  tolerance?: number | undefined;
  /** Sweeps end after so many, converged or not. Default 100,000. */
  maxSweeps?: number | undefined;
}

/** @internal */
export const SWEEP_OPTIONS: OptionNames<SweepOptions> = { tolerance: true, maxSweeps: true };
const EVALUATION_OPTIONS = { ...SWEEP_OPTIONS, start: true } as const;

/** Sweeps end after so many where nothing else is asked for. */
const MAX_SWEEPS = 100_000;

/** @throws OptionError for a tolerance or a number of sweeps that is none. */
export function sweepLimits({ tolerance = 1e-12, maxSweeps = MAX_SWEEPS }: SweepOptions): {
  tolerance: number;
  maxSweeps: number;
} {
  if (!(tolerance >= 0)) throw new OptionError('tolerance', tolerance, 'a number from 0 up');
  if (!(maxSweeps >= 0)) throw new OptionError('maxSweeps', maxSweeps, 'a number from 0 up');
  return { tolerance, maxSweeps };
}

export interface Evaluation {
  /** [nStates] V of the policy. */
  readonly values: Float64Array;
  readonly sweeps: number;
  /** Whether the last sweep changed no value by more than the tolerance. */
  readonly converged: boolean;
}

/** Iterative policy evaluation, in place (Sutton & Barto, 2nd ed., section 4.1).
 * @param gamma from 0 to 1; with 1 the values converge only if the policy's episodes end or its loops pay nothing.
 * @param options.start [nStates] values to begin with, read only; zeros by default.
 * @throws OptionError, ShapeError for a gamma, policy or model that is not one. */
export function policyEvaluation(
  model: TabularModel | CompiledModel,
  policy: PolicyTable,
  gamma: number,
  options: SweepOptions & { start?: Float64Array } = {},
): Evaluation {
  checkOptionNames(options, EVALUATION_OPTIONS);
  checkGamma(gamma);
  const { tolerance, maxSweeps } = sweepLimits(options);
  const compiled = compiledForm(model);
  checkPolicy(compiled, policy);
  const { start } = options;
  const { nStates } = compiled;
  const values = start?.slice() ?? new Float64Array(nStates);
  for (let sweeps = 1; sweeps <= maxSweeps; sweeps++) {
    let change = 0;
    for (let state = 0; state < nStates; state++) {
      const value = policyBackup(compiled, policy, values, gamma, state);
      change = Math.max(change, Math.abs(value - values[state]));
      values[state] = value;
    }
    if (change <= tolerance) return { values, sweeps, converged: true };
  }
  return { values, sweeps: maxSweeps, converged: false };
}

/** Exact policy evaluation: solves (I - gamma P) V = r, the Bellman equation of the policy as a linear system.
 * @returns V [nStates]; undefined when the system has no single solution, as with gamma = 1 and a policy that never ends.
 * @throws OptionError, ShapeError as `policyEvaluation`. */
export function policyEvaluationExact(
  model: TabularModel | CompiledModel,
  policy: PolicyTable,
  gamma: number,
): Float64Array | undefined {
  checkGamma(gamma);
  const compiled = compiledForm(model);
  checkPolicy(compiled, policy);
  const { nStates, nActions, offsets, probabilities, nextStates, expectedRewards } = compiled;
  const a = new Float64Array(nStates * nStates);
  const b = new Float64Array(nStates);
  for (let state = 0; state < nStates; state++) {
    a[state * nStates + state] = 1;
    for (let action = 0; action < nActions; action++) {
      const weight = actionProbability(policy, nActions, state, action);
      if (weight === 0) continue;
      const pair = state * nActions + action;
      b[state] += weight * expectedRewards[pair];
      for (let i = offsets[pair]; i < offsets[pair + 1]; i++) {
        if (nextStates[i] >= 0) a[state * nStates + nextStates[i]] -= weight * gamma * probabilities[i];
      }
    }
  }
  return solveLinear(a, b);
}

/** The policy that takes every action equally often.
 * @returns [nStates, nActions], fresh. */
export function uniformPolicy(model: { readonly nStates: number; readonly nActions: number }): Float64Array {
  return new Float64Array(model.nStates * model.nActions).fill(1 / model.nActions);
}

/** Value of a state from where the starts are: the expected return of an episode's beginning.
 * @param values [nStates] V of some policy. */
export function startValue(model: TabularModel, values: Float64Array): number {
  let sum = 0;
  for (let state = 0; state < model.nStates; state++) sum += model.initialStateDistribution[state] * values[state];
  return sum;
}

export function compiledForm(model: TabularModel | CompiledModel): CompiledModel {
  return 'offsets' in model ? model : compileModel(model);
}

export function checkGamma(gamma: number): void {
  if (!(gamma >= 0 && gamma <= 1)) throw new OptionError('gamma', gamma, 'from 0 to 1');
}

function actionProbability(policy: PolicyTable, nActions: number, state: number, action: number): number {
  if (policy instanceof Int32Array) return policy[state] === action ? 1 : 0;
  return policy[state * nActions + action];
}

function policyBackup(
  model: CompiledModel,
  policy: PolicyTable,
  values: Float64Array,
  gamma: number,
  state: number,
): number {
  if (policy instanceof Int32Array) return backup(model, values, gamma, state, policy[state]);
  let value = 0;
  for (let action = 0; action < model.nActions; action++) {
    const probability = policy[state * model.nActions + action];
    if (probability !== 0) value += probability * backup(model, values, gamma, state, action);
  }
  return value;
}

/** @throws OptionError, ShapeError for a policy that is none of the model's. */
export function checkPolicy({ nStates, nActions }: CompiledModel, policy: PolicyTable): void {
  if (policy instanceof Int32Array) {
    if (policy.length !== nStates)
      throw new ShapeError(`policy: ${nStates} states need as many actions, got ${policy.length}.`);
    const wrong = policy.find((action) => action < 0 || action >= nActions);
    if (wrong !== undefined) throw new OptionError('policy', wrong, `actions from 0 to ${nActions - 1}`);
    return;
  }
  if (policy.length !== nStates * nActions) {
    throw new ShapeError(
      `policy: ${nStates} states of ${nActions} actions need ${nStates * nActions} probabilities, got ${policy.length}.`,
    );
  }
  for (let state = 0; state < nStates; state++) {
    const row = policy.subarray(state * nActions, (state + 1) * nActions);
    const sum = row.reduce((total, p) => total + p, 0);
    if (row.some((p) => !(p >= 0)) || Math.abs(sum - 1) > 1e-9) {
      throw new OptionError(`policy of state ${state}`, Array.from(row), 'probabilities that sum to 1');
    }
  }
}

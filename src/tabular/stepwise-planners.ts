import { checkOptionNames, nameOption, type OptionNames } from '../core/options.ts';
import type { TabularModel } from '../envs/tabular-model.ts';
import { bestAction, bestValue, greedyActions, stateValuesOf } from './action-values.ts';
import { actionValuesOf, backup, type CompiledModel } from './compiled-model.ts';
import { checkGamma, compiledForm, sweepLimits } from './policy-evaluation.ts';

/*
 * The planners one Bellman backup at a time: what `valueIteration`, `qIteration` and `policyIteration` run to their ends.
 * Model and discount may change between two backups; the values go on from where they are.
 */

/** What one backup did. */
export interface PlannerBackup {
  /** `improvement` is policy iteration's choice of a new action, which leaves the values alone. */
  readonly kind: 'backup' | 'improvement';
  readonly state: number;
  /** Of Q-iteration's pair; in policy iteration the policy's, after an improvement the new one. -1 in value iteration, which takes
   * the best. */
  readonly action: number;
  /** The value before, or the action where it was an improvement. */
  readonly before: number;
  readonly after: number;
  /** Whether this ended a pass over all states. */
  readonly last: boolean;
}

export interface StepwisePlannerOptions {
  /** Discount from 0 to 1. */
  readonly gamma: number;
  /** A sweep that changes no value by more has converged. Default 1e-12. */
  readonly tolerance?: number | undefined;
  /** Default in-place. */
  readonly sweep?: 'in-place' | 'synchronous' | undefined;
}

const OPTIONS: OptionNames<StepwisePlannerOptions> = { gamma: true, tolerance: true, sweep: true };

/** A planner that stops after every backup. */
export abstract class StepwisePlanner {
  model: CompiledModel;
  gamma: number;
  readonly tolerance: number;
  /** Passes over all states that are done. */
  sweeps = 0;
  /** Whether the values stand still: further backups change nothing. */
  converged = false;
  /** Largest change of a value in the last whole sweep; infinite before the first. */
  lastChange = Number.POSITIVE_INFINITY;
  /** What comes next: a state, or a pair in Q-iteration. */
  next = 0;
  protected change = 0;

  /** @throws OptionError for a gamma or model that is not one. */
  constructor(model: TabularModel | CompiledModel, options: StepwisePlannerOptions) {
    checkOptionNames(options ?? null, OPTIONS);
    const { gamma } = options;
    checkGamma(gamma);
    const { tolerance } = sweepLimits({ tolerance: options.tolerance });
    nameOption('sweep', options.sweep, ['in-place', 'synchronous'], 'in-place');
    this.model = compiledForm(model);
    this.gamma = gamma;
    this.tolerance = tolerance;
  }

  /** One backup. */
  abstract step(): PlannerBackup;
  /** [nStates] V as it is now, not to be changed; may be a view of the planner's own. */
  abstract stateValues(): Float64Array;
  /** [nStates, nActions] row-major Q by V as it is now, not to be changed. */
  abstract actionValues(): Float64Array;
  /** Puts values in the place of the planner's.
   * @param values [nStates] V. @param actionValues [nStates, nActions] Q, read where the planner keeps Q. */
  abstract start(values: Float64Array, actionValues: Float64Array): void;

  /** Finishes the pass over all states. */
  sweep(): void {
    const { sweeps } = this;
    while (this.sweeps === sweeps && !this.step().last);
  }

  /** Goes on with another model of the same size, or another discount. @throws OptionError for one that is none. */
  changeTo({ model, gamma }: { readonly model?: TabularModel | CompiledModel; readonly gamma?: number }): void {
    if (gamma !== undefined) checkGamma(gamma);
    if (model !== undefined) this.model = compiledForm(model);
    this.gamma = gamma ?? this.gamma;
    this.converged = false;
  }

  /** [nStates] greedy actions, ties to the lowest. */
  policy(): Int32Array {
    return greedyActions(this.actionValues(), this.model.nActions);
  }

  protected record(before: number, after: number): void {
    const size = Math.abs(after - before);
    if (!(size <= this.change)) this.change = size;
  }

  /** Moves on. @param count of what a sweep goes over.
   * @returns whether the sweep is over. */
  protected advance(count: number): boolean {
    if (++this.next < count) return false;
    this.next = 0;
    this.sweeps++;
    this.lastChange = this.change;
    this.converged = this.change <= this.tolerance;
    this.change = 0;
    return true;
  }
}

/** Value iteration: V(s) = max over a of r(s, a) + gamma * sum p V(s') (Sutton & Barto, 2nd ed., Eq. 4.10, p. 83). */
export class StepwiseValueIteration extends StepwisePlanner {
  /** [nStates] */
  readonly #values: Float64Array;
  /** The values that backups read: the same, or in synchronous sweeps those of the sweep before. */
  readonly #previous: Float64Array;

  constructor(model: TabularModel | CompiledModel, options: StepwisePlannerOptions) {
    super(model, options);
    this.#values = new Float64Array(this.model.nStates);
    this.#previous = options.sweep === 'synchronous' ? new Float64Array(this.model.nStates) : this.#values;
  }

  step(): PlannerBackup {
    const state = this.next;
    const before = this.#values[state];
    const after = this.#backup(state);
    return { kind: 'backup', state, action: -1, before, after, last: this.advance(this.model.nStates) };
  }

  override sweep(): void {
    const { nStates } = this.model;
    do this.#backup(this.next);
    while (!this.advance(nStates));
  }

  #backup(state: number): number {
    const { model, gamma } = this;
    const [values, previous] = [this.#values, this.#previous];
    if (state === 0 && previous !== values) previous.set(values);
    let best = backup(model, previous, gamma, state, 0);
    for (let action = 1; action < model.nActions; action++) {
      best = Math.max(best, backup(model, previous, gamma, state, action));
    }
    this.record(values[state], best);
    values[state] = best;
    return best;
  }

  stateValues(): Float64Array {
    return this.#values;
  }
  actionValues(): Float64Array {
    return actionValuesOf(this.model, this.#values, this.gamma);
  }
  start(values: Float64Array): void {
    this.#values.set(values);
  }
}

/** Value of a pair by Q itself: r(s, a) + gamma * sum p max over a' of Q(s', a') (Sutton & Barto, 2nd ed., Eq. 4.2, p. 73).
 * @param q [nStates, nActions] row-major. Read only. */
export function actionValueBackup(model: CompiledModel, q: Float64Array, gamma: number, pair: number): number {
  const { nActions, offsets, probabilities, nextStates, expectedRewards } = model;
  let next = 0;
  for (let i = offsets[pair]; i < offsets[pair + 1]; i++) {
    if (nextStates[i] >= 0) next += probabilities[i] * bestValue(q, nActions, nextStates[i]);
  }
  return expectedRewards[pair] + gamma * next;
}

/** Q-iteration: `actionValueBackup` of every pair. */
export class StepwiseQIteration extends StepwisePlanner {
  /** [nStates, nActions] row-major. */
  readonly #q: Float64Array;
  readonly #previous: Float64Array;

  constructor(model: TabularModel | CompiledModel, options: StepwisePlannerOptions) {
    super(model, options);
    this.#q = new Float64Array(this.model.nStates * this.model.nActions);
    this.#previous = options.sweep === 'synchronous' ? new Float64Array(this.#q.length) : this.#q;
  }

  step(): PlannerBackup {
    const { nActions } = this.model;
    const pair = this.next;
    const [state, action] = [Math.floor(pair / nActions), pair % nActions];
    const before = this.#q[pair];
    const after = this.#backup(pair);
    return { kind: 'backup', state, action, before, after, last: this.advance(this.#q.length) };
  }

  override sweep(): void {
    do this.#backup(this.next);
    while (!this.advance(this.#q.length));
  }

  #backup(pair: number): number {
    const [q, previous] = [this.#q, this.#previous];
    if (pair === 0 && previous !== q) previous.set(q);
    const value = actionValueBackup(this.model, previous, this.gamma, pair);
    this.record(q[pair], value);
    q[pair] = value;
    return value;
  }

  stateValues(): Float64Array {
    return stateValuesOf(this.#q, this.model.nActions);
  }
  actionValues(): Float64Array {
    return this.#q;
  }
  start(_values: Float64Array, actionValues: Float64Array): void {
    this.#q.set(actionValues);
  }
}

/**
 * Policy iteration: sweeps evaluate the policy until they change nothing, then a pass over the states makes it greedy; it
 * has converged when that changes no action (Sutton & Barto, 2nd ed., section 4.3, p. 80). `sweeps` counts those of evaluations.
 * An action is exchanged only for one that is better by more than 1e-10 (relative), so that rounding cannot make it go in circles.
 */
export class StepwisePolicyIteration extends StepwisePlanner {
  /** Passes that changed the policy. */
  improvements = 0;
  phase: 'evaluation' | 'improvement' = 'evaluation';
  #stable = true;
  readonly #values: Float64Array;
  readonly #policy: Int32Array;

  /** @param initialPolicy [nStates] actions to begin with, read only; the lowest action everywhere by default. */
  constructor(model: TabularModel | CompiledModel, options: StepwisePlannerOptions, initialPolicy?: Int32Array) {
    super(model, options);
    this.#values = new Float64Array(this.model.nStates);
    this.#policy = initialPolicy?.slice() ?? new Int32Array(this.model.nStates);
  }

  step(): PlannerBackup {
    const state = this.next;
    if (this.phase === 'improvement') {
      const before = this.#policy[state];
      const after = this.#improveState(state);
      return { kind: 'improvement', state, action: after, before, after, last: this.#advanceImprovement() };
    }
    const before = this.#values[state];
    const after = this.#evaluateState(state);
    const last = this.#advanceEvaluation();
    return { kind: 'backup', state, action: this.#policy[state], before, after, last };
  }

  override sweep(): void {
    if (this.phase === 'improvement') this.improve();
    else this.evaluate();
  }

  /** One sweep of the policy's evaluation. */
  evaluate(): void {
    do this.#evaluateState(this.next);
    while (!this.#advanceEvaluation());
  }

  /** Ends the evaluation, with other values if given, and makes the policy greedy.
   * @returns whether it was already. */
  improve(values?: Float64Array): boolean {
    if (values !== undefined) this.#values.set(values);
    this.#beginImprovement();
    do this.#improveState(this.next);
    while (!this.#advanceImprovement());
    return this.converged;
  }

  #evaluateState(state: number): number {
    const value = backup(this.model, this.#values, this.gamma, state, this.#policy[state]);
    this.record(this.#values[state], value);
    this.#values[state] = value;
    return value;
  }

  #advanceEvaluation(): boolean {
    const { converged } = this;
    if (!this.advance(this.model.nStates)) return false;
    // Values that stand still end the evaluation, not the whole.
    const evaluated = this.converged;
    this.converged = converged;
    if (evaluated) this.#beginImprovement();
    return true;
  }

  #beginImprovement(): void {
    if (this.phase === 'improvement') return;
    this.phase = 'improvement';
    this.next = 0;
    this.change = 0;
    this.#stable = true;
  }

  #improveState(state: number): number {
    const { model, gamma } = this;
    const q = Float64Array.from({ length: model.nActions }, (_, a) => backup(model, this.#values, gamma, state, a));
    const best = bestAction(q, model.nActions, 0);
    const present = q[this.#policy[state]];
    if (q[best] - present > 1e-10 * Math.max(1, Math.abs(present))) {
      this.#policy[state] = best;
      this.#stable = false;
    }
    return this.#policy[state];
  }

  #advanceImprovement(): boolean {
    if (++this.next < this.model.nStates) return false;
    this.next = 0;
    this.phase = 'evaluation';
    this.converged = this.#stable;
    if (!this.#stable) this.improvements++;
    return true;
  }

  override changeTo(change: { readonly model?: TabularModel | CompiledModel; readonly gamma?: number }): void {
    super.changeTo(change);
    if (this.phase === 'improvement') this.next = 0;
    this.phase = 'evaluation';
  }

  stateValues(): Float64Array {
    return this.#values;
  }
  actionValues(): Float64Array {
    return actionValuesOf(this.model, this.#values, this.gamma);
  }
  /** The policy itself: what is evaluated, greedy by the values of the evaluation before. */
  override policy(): Int32Array {
    return this.#policy;
  }
  start(values: Float64Array, actionValues: Float64Array): void {
    this.#values.set(values);
    this.#policy.set(greedyActions(actionValues, this.model.nActions));
  }
}

import { ShapeError } from '../core/errors.ts';
import { checkOptionNames, nameOption, type OptionNames } from '../core/options.ts';
import type { TabularModel } from '../envs/tabular-model.ts';
import type { CompiledModel } from './compiled-model.ts';
import {
  checkGamma,
  checkPolicy,
  compiledForm,
  policyEvaluationExact,
  SWEEP_OPTIONS,
  type SweepOptions,
  sweepLimits,
} from './policy-evaluation.ts';
import {
  type StepwisePlanner,
  type StepwisePlannerOptions,
  StepwisePolicyIteration,
  StepwiseQIteration,
  StepwiseValueIteration,
} from './stepwise-planners.ts';

/**
 * Dynamic programming on a model that is known: what the sampled agents of this folder approach
 * (Bellman 1957; Howard 1960; Sutton & Barto, 2nd ed., chapter 4). In-place sweeps use new values at once and need fewer of them;
 * a synchronous sweep computes every value from the previous sweep's, so that k sweeps are exactly a k-step horizon.
 */
export interface PlanOptions extends SweepOptions {
  /** Discount from 0 to 1. With 1 every way of acting that pays must end, or the values grow without bound. */
  gamma: number;
  /** Default in-place. */
  sweep?: 'in-place' | 'synchronous' | undefined;
}

const PLAN_OPTIONS: OptionNames<PlanOptions> = { ...SWEEP_OPTIONS, gamma: true, sweep: true };

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
  return planned((stepwise) => new StepwiseValueIteration(model, stepwise), options);
}

/** Q-iteration: Q(s, a) = r(s, a) + gamma * sum p max over a' of Q(s', a'), until Q stands still.
 * @throws OptionError for a gamma or model that is not one. */
export function qIteration(model: TabularModel | CompiledModel, options: PlanOptions): Plan {
  return planned((stepwise) => new StepwiseQIteration(model, stepwise), options);
}

function planned(create: (options: StepwisePlannerOptions) => StepwisePlanner, options: PlanOptions): Plan {
  checkOptionNames(options ?? null, PLAN_OPTIONS);
  const { gamma, sweep } = options;
  const { tolerance, maxSweeps } = sweepLimits(options);
  const planner = create({ gamma, sweep, tolerance });
  while (planner.sweeps < maxSweeps && !planner.converged) planner.sweep();
  const { sweeps, converged } = planner;
  return {
    values: planner.stateValues(),
    actionValues: planner.actionValues(),
    policy: planner.policy(),
    sweeps,
    converged,
  };
}

export interface PolicyIterationOptions extends SweepOptions {
  /** As in `PlanOptions`. */
  gamma: number;
  /** [nStates] actions to begin with, read only; the lowest action everywhere by default. */
  initialPolicy?: Int32Array | undefined;
  /** `iterative` (default) sweeps each policy to the tolerance; `exact` solves a linear system of nStates unknowns. */
  evaluation?: 'iterative' | 'exact' | undefined;
}

const POLICY_ITERATION_OPTIONS: OptionNames<PolicyIterationOptions> = {
  ...SWEEP_OPTIONS,
  ...{ gamma: true, initialPolicy: true, evaluation: true },
};

/** Each round betters the policy, and a handful is usual; the limit is for evaluations that `maxSweeps` cut short. */
const MAX_IMPROVEMENTS = 1000;

/** Policy iteration: evaluates a policy, makes it greedy, until it is greedy already. `improvements` counts the rounds.
 * @throws OptionError, ShapeError for a gamma, model or policy that is not one. */
export function policyIteration(
  model: TabularModel | CompiledModel,
  options: PolicyIterationOptions,
): Plan & { readonly improvements: number } {
  checkOptionNames(options ?? null, POLICY_ITERATION_OPTIONS);
  const { gamma, initialPolicy } = options;
  const { tolerance, maxSweeps } = sweepLimits(options);
  const evaluation = nameOption('evaluation', options.evaluation, ['iterative', 'exact'], 'iterative');
  checkGamma(gamma);
  const compiled = compiledForm(model);
  if (initialPolicy !== undefined) {
    const { length } = initialPolicy;
    if (length !== compiled.nStates)
      throw new ShapeError(`initialPolicy: ${compiled.nStates} states need as many actions, got ${length}.`);
    checkPolicy(compiled, initialPolicy);
  }
  const planner = new StepwisePolicyIteration(compiled, { gamma, tolerance }, initialPolicy);
  for (;;) {
    const exact = evaluation === 'exact' ? policyEvaluationExact(compiled, planner.policy(), gamma) : undefined;
    if (exact === undefined) {
      const limit = planner.sweeps + maxSweeps;
      while (planner.phase === 'evaluation' && planner.sweeps < limit) planner.evaluate();
    }
    const evaluated = exact !== undefined || planner.phase === 'improvement';
    const last = planner.improvements === MAX_IMPROVEMENTS;
    const stable = planner.improve(exact);
    if (stable || last) {
      const { sweeps, improvements } = planner;
      return {
        values: planner.stateValues(),
        actionValues: planner.actionValues(),
        policy: planner.policy(),
        sweeps,
        converged: stable && evaluated,
        improvements: Math.min(improvements, MAX_IMPROVEMENTS),
      };
    }
  }
}

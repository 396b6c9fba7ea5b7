import { describe, expect, it } from 'vitest';
import { OptionError, ShapeError } from '../core/errors.ts';
import type { Outcome, TabularModel } from '../envs/tabular-model.ts';
import { actionValuesOf, compileModel } from './compiled-model.ts';
import { policyIteration, qIteration, valueIteration } from './planners.ts';
import { policyEvaluation, policyEvaluationExact, startValue, uniformPolicy } from './policy-evaluation.ts';
import { solveLinear } from './solve-linear.ts';

/** Numbers from 0 to 1 that look random enough for test data. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomModel(seed: number, nStates: number, nActions: number): TabularModel {
  const next = numbers(seed);
  const outcomes = (): Outcome[] => {
    const weights = Array.from({ length: 3 }, () => next() + 0.01);
    const total = weights[0]! + weights[1]! + weights[2]!;
    return weights.map((weight) => ({
      probability: weight / total,
      nextState: Math.floor(next() * nStates),
      reward: next() * 2 - 1,
      terminated: next() < 0.1,
    }));
  };
  return {
    nStates,
    nActions,
    transitions: Array.from({ length: nStates }, () => Array.from({ length: nActions }, outcomes)),
    initialStateDistribution: new Float64Array(nStates).fill(1 / nStates),
  };
}

const gap = (a: Float64Array, b: Float64Array): number =>
  a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0);

describe('planners on random models', () => {
  for (const [seed, nStates, nActions, gamma] of [
    [1, 5, 2, 0.9],
    [2, 30, 4, 0.99],
    [3, 60, 3, 0.5],
    [4, 20, 2, 1],
  ] as const) {
    it(`agree with a linear solve: ${nStates} states, ${nActions} actions, gamma ${gamma}`, () => {
      const model = randomModel(seed, nStates, nActions);
      const plan = valueIteration(model, { gamma });
      const exact = policyEvaluationExact(model, plan.policy, gamma)!;
      expect(plan.converged).toBe(true);
      expect(gap(plan.values, exact)).toBeLessThan(1e-9);
      // The exact values solve the optimality equation: no action is better than they say.
      const q = actionValuesOf(compileModel(model), exact, gamma);
      const best = exact.map((_, s) => Math.max(...q.subarray(s * nActions, (s + 1) * nActions)));
      expect(gap(best, exact)).toBeLessThan(1e-12);
      for (const other of [
        valueIteration(model, { gamma, sweep: 'synchronous' }),
        qIteration(model, { gamma }),
        qIteration(model, { gamma, sweep: 'synchronous' }),
        policyIteration(model, { gamma }),
        policyIteration(model, { gamma, evaluation: 'exact' }),
      ]) {
        expect(other.converged).toBe(true);
        expect(gap(other.values, exact)).toBeLessThan(1e-9);
        expect(gap(other.actionValues, q)).toBeLessThan(1e-9);
        expect(other.policy).toEqual(plan.policy);
      }
    });
  }
  it('evaluates a stochastic policy as the linear system does', () => {
    const model = randomModel(7, 25, 3);
    const swept = policyEvaluation(model, uniformPolicy(model), 0.95);
    expect(gap(swept.values, policyEvaluationExact(model, uniformPolicy(model), 0.95)!)).toBeLessThan(1e-10);
    expect(startValue(model, swept.values)).toBeCloseTo(swept.values.reduce((a, b) => a + b) / 25, 12);
  });
});

describe('solveLinear', () => {
  it('solves a system that needs its rows exchanged', () => {
    // 2y = 4, x + y + z = 6, 3x - z = 0
    expect(solveLinear(Float64Array.of(0, 2, 0, 1, 1, 1, 3, 0, -1), Float64Array.of(4, 6, 0))).toEqual(
      Float64Array.of(1, 2, 3),
    );
  });
  it('knows a singular system', () => {
    expect(solveLinear(Float64Array.of(1, 2, 2, 4), Float64Array.of(1, 2))).toBeUndefined();
  });
  it('refuses a matrix that is not square', () => {
    expect(() => solveLinear(new Float64Array(5), new Float64Array(2))).toThrow(ShapeError);
  });
});

describe('bad input', () => {
  const model = randomModel(1, 4, 2);
  const broken = (outcome: Partial<Outcome>): TabularModel => ({
    ...model,
    transitions: model.transitions.map((actions, s) =>
      actions.map((outcomes, a) =>
        s === 2 && a === 1 ? [{ probability: 1, nextState: 0, reward: 0, terminated: false, ...outcome }] : outcomes,
      ),
    ),
  });
  it.each([
    ['gamma', () => valueIteration(model, { gamma: 1.5 }), /gamma: got 1.5/],
    ['gamma NaN', () => policyEvaluation(model, new Int32Array(4), Number.NaN), /gamma: got NaN/],
    ['probabilities', () => compileModel(broken({ probability: 0.5 })), /transitions\[2\]\[1\]: got 0.5/],
    ['a next state', () => compileModel(broken({ nextState: 4 })), /transitions\[2\]\[1\]: got 4/],
    ['an action', () => policyEvaluation(model, Int32Array.of(0, 1, 2, 0), 0.9), /policy: got 2/],
    ['a row', () => policyEvaluation(model, new Float64Array(8), 0.9), /policy of state 0/],
  ])('%s', (_name, call, message) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });
  it('a policy of the wrong length', () => {
    expect(() => policyEvaluation(model, new Int32Array(3), 0.9)).toThrow(ShapeError);
  });
});

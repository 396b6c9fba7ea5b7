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

describe('sweeps', () => {
  const goes = (nextState: number, reward: number, terminated = false): Outcome[] => [
    { probability: 1, nextState, reward, terminated },
  ];
  /** Two states in a loop, 1 one way and 2 back. */
  const loop: TabularModel = {
    ...{ nStates: 2, nActions: 1, initialStateDistribution: Float64Array.of(1, 0) },
    transitions: [[goes(1, 1)], [goes(0, 2)]],
  };
  const planners = { valueIteration, qIteration };
  it.each(Object.entries(planners))('%s: k of them, synchronous, look k steps ahead', (_, plan) => {
    for (const [sweeps, values] of [
      [0, [0, 0]],
      [1, [1, 2]],
      [2, [1 + 0.5 * 2, 2 + 0.5 * 1]],
      [3, [1 + 0.5 * 2 + 0.25 * 1, 2 + 0.5 * 1 + 0.25 * 2]],
    ] as const) {
      const found = plan(loop, { gamma: 0.5, sweep: 'synchronous', maxSweeps: sweeps });
      expect(Array.from(found.values)).toEqual(values);
      expect(found).toMatchObject({ sweeps, converged: false });
    }
  });
  it.each(Object.entries(planners))('%s: in place they use the values of this sweep', (_, plan) => {
    const found = plan(loop, { gamma: 0.5, maxSweeps: 1 });
    expect(Array.from(found.values)).toEqual([1, 2 + 0.5 * 1]);
    expect(found).toMatchObject({ sweeps: 1, converged: false });
  });
  it.each(Object.entries(planners))('%s: they end with a change of the tolerance', (_, plan) => {
    // Changes are 2, then 2 / 2, then 2 / 4: the second one is the tolerance.
    const found = plan(loop, { gamma: 0.5, sweep: 'synchronous', tolerance: 1 });
    expect(found).toMatchObject({ sweeps: 2, converged: true });
  });

  /** The first state ends with either action, for the one reward or the other. */
  const choice = (...rewards: number[]): TabularModel => ({
    ...{ nStates: 1, nActions: rewards.length, initialStateDistribution: Float64Array.of(1) },
    transitions: [rewards.map((reward) => goes(0, reward, true))],
  });
  const evaluations = ['iterative', 'exact'] as const;
  it.each(
    evaluations,
  )('policy iteration begins with the policy that it is given, and leaves that alone: %s', (kind) => {
    const options = { gamma: 0.9, evaluation: kind };
    const start = Int32Array.of(1);
    expect(policyIteration(choice(5, 7), { ...options, initialPolicy: start })).toMatchObject({ improvements: 0 });
    const found = policyIteration(choice(9, 7), { ...options, initialPolicy: start });
    expect(found).toMatchObject({ improvements: 1, converged: true });
    expect([found.policy[0], start[0]]).toEqual([0, 1]);
    expect(() => policyIteration(loop, { ...options, initialPolicy: start })).toThrow(
      new ShapeError('initialPolicy: 2 states need as many actions, got 1.'),
    );
  });
  it('policy iteration goes on from the values of the last policy, and counts all sweeps', () => {
    const [nStates, nActions, gamma] = [40, 4, 0.95];
    const model = randomModel(2, nStates, nActions);
    const found = policyIteration(model, { gamma });
    let policy = new Int32Array(nStates);
    let values = new Float64Array(nStates);
    let sweeps = 0;
    for (let round = 0; round <= found.improvements; round++) {
      const evaluated = policyEvaluation(model, policy, gamma, { start: values });
      values = Float64Array.from(evaluated.values);
      sweeps += evaluated.sweeps;
      const q = actionValuesOf(compileModel(model), values, gamma);
      policy = policy.map((_, s) => {
        const row = Array.from(q.subarray(nActions * s, nActions * (s + 1)));
        return row.indexOf(Math.max(...row));
      });
    }
    expect(found.improvements).toBeGreaterThan(1);
    expect(found.sweeps).toBe(sweeps);
    expect(policyIteration(model, { gamma, evaluation: 'exact' }).sweeps).toBe(0);
  });
  it('policy iteration says when its evaluations were cut short', () => {
    const found = policyIteration(loop, { gamma: 0.9, maxSweeps: 3 });
    expect(found).toMatchObject({ sweeps: 3, improvements: 0, converged: false });
  });
  it.each([
    ['a little better is not better', [1, 1 + 5e-11], 0],
    ['better is better', [1, 1 + 5e-10], 1],
    ['what counts is the share of a large value', [1e6, 1e6 + 5e-5], 0],
    ['more of a large value is better', [1e6, 1e6 + 5e-4], 1],
    ['a small value has no smaller measure', [1e-3, 1e-3 + 5e-11], 0],
    ['negative values are measured by their size', [-1e6, -1e6 + 5e-5], 0],
  ])('policy iteration: %s', (_, rewards, improvements) => {
    expect(policyIteration(choice(...rewards), { gamma: 1 }).improvements).toBe(improvements);
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
  const split = (first: number, second: number): TabularModel => ({
    ...model,
    transitions: model.transitions.map((actions, s) =>
      actions.map((outcomes, a) =>
        s !== 2 || a !== 1
          ? outcomes
          : [first, second].map((probability) => ({ probability, nextState: 0, reward: 0, terminated: false })),
      ),
    ),
  });
  it.each([
    ['gamma', () => valueIteration(model, { gamma: 1.5 }), /gamma: got 1.5/],
    ['gamma NaN', () => policyEvaluation(model, new Int32Array(4), Number.NaN), /gamma: got NaN/],
    ['probabilities', () => compileModel(broken({ probability: 0.5 })), /transitions\[2\]\[1\]: got 0.5/],
    ['a next state', () => compileModel(broken({ nextState: 4 })), /transitions\[2\]\[1\]: got 4/],
    [
      'a negative probability',
      () => compileModel(split(-0.5, 1.5)),
      /transitions\[2\]\[1\]: got -0.5, allowed is a prob/,
    ],
    [
      'a probability above 1',
      () => compileModel(split(1.5, -0.5)),
      /transitions\[2\]\[1\]: got 1.5, allowed is a prob/,
    ],
    ['a negative next state', () => compileModel(broken({ nextState: -1 })), /got -1, allowed is .* from 0 to 3/],
    ['half a state', () => compileModel(broken({ nextState: 0.5 })), /got 0.5, allowed is a next state/],
    ['probabilities that sum to less', () => compileModel(split(0.5, 0.4999)), /got 0.9999, .* sum to 1/],
    ['too few states', () => compileModel({ ...model, nStates: 5 }), /transitions: got 4, allowed is 5 states/],
    ['too few actions', () => compileModel({ ...model, nActions: 3 }), /transitions\[0\]: got 2, allowed is 3 actions/],
    ['a negative action', () => policyEvaluation(model, Int32Array.of(0, -1, 0, 0), 0.9), /policy: got -1/],
    ['an action', () => policyEvaluation(model, Int32Array.of(0, 1, 2, 0), 0.9), /policy: got 2/],
    ['a row', () => policyEvaluation(model, new Float64Array(8), 0.9), /policy of state 0/],
  ])('%s', (_name, call, message) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });
  it('an outcome may have probability 0 or 1, and a rounding error is none', () => {
    expect(compileModel(split(0, 1)).probabilities).toContain(0);
    expect(() => compileModel(split(0.5, 0.5 - 1e-12))).not.toThrow();
  });
  it('a policy of the wrong length', () => {
    expect(() => policyEvaluation(model, new Int32Array(3), 0.9)).toThrow(ShapeError);
  });
});

describe('options of planners', () => {
  const model = randomModel(1, 4, 2);
  it.each([
    [{ gamma: 0.9, sweep: 'synchronus' }, 'Unknown sweep "synchronus". Did you mean "synchronous"?'],
    [{ gamma: 0.9, tolerance: Number.NaN }, 'tolerance: got NaN, allowed is a number from 0 up.'],
    [{ gamma: 0.9, tolerance: -1 }, 'tolerance: got -1'],
    [{ gamma: 0.9, maxSweeps: Number.NaN }, 'maxSweeps: got NaN, allowed is a number from 0 up.'],
    [undefined, 'options: got null, allowed is an object.'],
  ])('%o are refused', (options, message) => {
    for (const plan of [valueIteration, qIteration]) expect(() => plan(model, options as never)).toThrow(message);
  });

  it('policy iteration refuses an evaluation of another name, and limits that are none', () => {
    const planning = (options: object) => () => policyIteration(model, { gamma: 0.9, ...options });
    expect(planning({ evaluation: 'exat' })).toThrow('Unknown evaluation "exat". Did you mean "exact"?');
    expect(planning({ tolerance: Number.NaN })).toThrow('tolerance: got NaN');
    expect(() => policyEvaluation(model, uniformPolicy(model), 0.9, { maxSweeps: -1 })).toThrow('maxSweeps: got -1');
  });

  it('take no sweep, and as many as it takes', () => {
    expect(valueIteration(model, { gamma: 0.9, maxSweeps: 0 })).toMatchObject({ sweeps: 0, converged: false });
    expect(valueIteration(model, { gamma: 0.9, maxSweeps: Number.POSITIVE_INFINITY }).converged).toBe(true);
  });
});

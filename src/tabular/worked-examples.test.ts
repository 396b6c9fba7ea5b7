import { describe, expect, it } from 'vitest';
import type { Outcome, TabularModel } from '../envs/tabular-model.ts';
import { qIteration, valueIteration } from './planners.ts';
import { policyEvaluation, policyEvaluationExact } from './policy-evaluation.ts';

// The small environments of Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., chapter 5, with the book's numbers.

const goes = (nextState: number, reward: number, terminated = false): Outcome[] => [
  { probability: 1, nextState, reward, terminated },
];
const over = (state: number): Outcome[] => goes(state, 0, true);

function model(transitions: Outcome[][][]): TabularModel {
  const initialStateDistribution = new Float64Array(transitions.length);
  initialStateDistribution[0] = 1;
  return { nStates: transitions.length, nActions: transitions[0]!.length, transitions, initialStateDistribution };
}

const RIGHT = 0;
const DOWN = 1;
/** Takes `right` in the first state with probability p; what it does elsewhere makes no difference. */
const mixed = (nStates: number, right: number): Float64Array =>
  Float64Array.from({ length: nStates * 2 }, (_, i) => (i % 2 === RIGHT ? right : 1 - right));

describe('three states: right pays 1, down pays 2, both end', () => {
  const threeStates = model([
    [goes(1, 1, true), goes(2, 2, true)],
    [over(1), over(1)],
    [over(2), over(2)],
  ]);
  it.each([
    ['always right', 1, 1.0],
    ['always down', 0, 2.0],
    ['half and half', 0.5, 1.5],
    ['right one time in ten', 0.1, 1.9],
  ])('%s', (_name, right, value) => {
    expect(policyEvaluation(threeStates, mixed(3, right), 1).values[0]).toBeCloseTo(value, 12);
    expect(policyEvaluationExact(threeStates, mixed(3, right), 1)![0]).toBeCloseTo(value, 12);
  });
  it('is best played down', () => {
    const plan = valueIteration(threeStates, { gamma: 1 });
    expect(plan.values[0]).toBe(2);
    expect(plan.policy[0]).toBe(DOWN);
  });
});

describe('the trap: down pays 2 and then costs 20', () => {
  const trap = model([
    [goes(1, 1, true), goes(2, 2)],
    [over(1), over(1)],
    [goes(3, -20, true), goes(3, -20, true)],
    [over(3), over(3)],
  ]);
  it.each([
    ['always right', 1, 1.0],
    ['always down', 0, -18],
    ['half and half', 0.5, -8.5],
    ['right one time in ten', 0.1, -16.1],
  ])('%s', (_name, right, value) => {
    expect(policyEvaluation(trap, mixed(4, right), 1).values[0]).toBeCloseTo(value, 12);
    expect(policyEvaluationExact(trap, mixed(4, right), 1)![0]).toBeCloseTo(value, 12);
  });
  it('is best played right', () => {
    const plan = valueIteration(trap, { gamma: 1 });
    expect(plan.values[0]).toBe(1);
    expect(plan.policy[0]).toBe(RIGHT);
  });
});

describe('four targets worth 1 up, 2 left, 3 down, 4 right, with slips to either side', () => {
  // The book rounds a third to 0.33, so that 0.01 is left over: an end that pays nothing.
  const slips = (...targets: number[]): Outcome[] => [
    ...targets.map((target) => ({ probability: 0.33, nextState: target, reward: target, terminated: true })),
    { probability: 0.01, nextState: 0, reward: 0, terminated: true },
  ];
  const [up, left, down, right] = [1, 2, 3, 4];
  const fourTargets = model([
    [slips(up, left, right), slips(left, up, down), slips(right, up, down), slips(down, left, right)],
    ...[up, left, down, right].map((state) => [over(state), over(state), over(state), over(state)]),
  ]);
  it.each([
    ['up', 0, 2.31],
    ['left', 1, 1.98],
    ['right', 2, 2.64],
    ['down', 3, 2.97],
  ])('Q(s0, %s)', (_name, action, value) => {
    expect(qIteration(fourTargets, { gamma: 1 }).actionValues[action]).toBeCloseTo(value, 12);
  });
  it('V(s0) is the best of them', () => {
    const plan = valueIteration(fourTargets, { gamma: 1 });
    expect(plan.values[0]).toBeCloseTo(2.97, 12);
    expect(plan.policy[0]).toBe(3);
  });
});

describe('two states in a loop, 1 one way and 2 back, gamma 0.9', () => {
  const loop = model([[goes(1, 1)], [goes(0, 2)]]);
  const limit = [(1 + 0.9 * 2) / (1 - 0.81), (2 + 0.9 * 1) / (1 - 0.81)];
  it('has the values of the geometric series', () => {
    const plan = valueIteration(loop, { gamma: 0.9 });
    expect(plan.converged).toBe(true);
    for (const state of [0, 1]) {
      expect(plan.values[state]).toBeCloseTo(limit[state]!, 10);
      expect(policyEvaluationExact(loop, new Int32Array(2), 0.9)![state]).toBeCloseTo(limit[state]!, 12);
    }
  });
  it('comes within 0.0004 of them in 50 rounds, with the sums of the book', () => {
    const rounds = [0, 0];
    for (let i = 0; i < 50; i++) {
      rounds[0]! += 0.9 ** (2 * i) * 1 + 0.9 ** (2 * i + 1) * 2;
      rounds[1]! += 0.9 ** (2 * i) * 2 + 0.9 ** (2 * i + 1) * 1;
    }
    const plan = valueIteration(loop, { gamma: 0.9, sweep: 'synchronous', maxSweeps: 100 });
    expect(plan.converged).toBe(false);
    expect(plan.values[0]).toBeCloseTo(14.736450674121663, 10);
    expect(plan.values[1]).toBeCloseTo(15.262752483911719, 10);
    expect(plan.values[0]).toBeCloseTo(rounds[0]!, 10);
    expect(plan.values[1]).toBeCloseTo(rounds[1]!, 10);
  });
  it('has no value without a discount', () => {
    expect(policyEvaluationExact(loop, new Int32Array(2), 1)).toBeUndefined();
    expect(valueIteration(loop, { gamma: 1, maxSweeps: 1000 }).converged).toBe(false);
  });
});

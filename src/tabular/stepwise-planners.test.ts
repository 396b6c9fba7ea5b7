import { describe, expect, it } from 'vitest';
import type { TabularModel } from '../envs/tabular-model.ts';
import { FrozenLakeEnv } from '../envs/toy-text/frozen-lake.ts';
import { policyIteration, qIteration, valueIteration } from './planners.ts';
import { QLearningAgent } from './q-learning.ts';
import { StepwisePolicyIteration, StepwiseQIteration, StepwiseValueIteration } from './stepwise-planners.ts';

const outcome = (nextState: number, reward: number, terminated = false) => [
  { probability: 1, nextState, reward, terminated },
];

/** One state; action 0 stays and pays 1, action 1 ends and pays 1.5. With gamma g staying is worth 1 / (1 - g). */
const loop: TabularModel = {
  nStates: 1,
  nActions: 2,
  transitions: [[outcome(0, 1), outcome(0, 1.5, true)]],
  initialStateDistribution: Float64Array.of(1),
};

/** A corridor of three cells whose right end pays 1; action 0 left, 1 right. V = g^2, g, 1. */
const corridor: TabularModel = {
  nStates: 3,
  nActions: 2,
  transitions: [
    [outcome(0, 0), outcome(1, 0)],
    [outcome(0, 0), outcome(2, 0)],
    [outcome(1, 0), outcome(2, 1, true)],
  ],
  initialStateDistribution: Float64Array.of(1, 0, 0),
};

describe('value iteration by steps', () => {
  it('approaches a geometric series', () => {
    const planner = new StepwiseValueIteration(loop, { gamma: 0.5 });
    // 1.5 by ending at first; then max(1 + V / 2, 1.5) = 1.75, 1.875, …: 2 - 2^-n.
    for (let n = 1; n <= 20; n++) {
      const before = planner.stateValues()[0];
      expect(planner.step()).toEqual({ kind: 'backup', state: 0, action: -1, before, after: 2 - 2 ** -n, last: true });
      expect(planner.lastChange).toBe(n === 1 ? 1.5 : 2 ** -n);
      expect(planner.sweeps).toBe(n);
    }
  });

  it('backs up states in order, with values as they are', () => {
    const planner = new StepwiseValueIteration(corridor, { gamma: 0.5 });
    const seen = Array.from({ length: 9 }, () => {
      const { state, after, last } = planner.step();
      return [state, after, last];
    });
    expect(seen).toEqual([
      [0, 0, false],
      [1, 0, false],
      [2, 1, true],
      [0, 0, false],
      [1, 0.5, false],
      [2, 1, true],
      [0, 0.25, false],
      [1, 0.5, false],
      [2, 1, true],
    ]);
    expect(planner.converged).toBe(false);
    planner.sweep();
    expect([planner.converged, planner.lastChange, [...planner.policy()]]).toEqual([true, 0, [1, 1, 1]]);
  });

  it('finishes a sweep that was begun', () => {
    const planner = new StepwiseValueIteration(corridor, { gamma: 0.5 });
    planner.step();
    planner.sweep();
    expect([planner.sweeps, planner.next, [...planner.stateValues()]]).toEqual([1, 0, [0, 0, 1]]);
  });

  it('goes on under another discount', () => {
    const planner = new StepwiseValueIteration(loop, { gamma: 0.5 });
    while (!planner.converged) planner.sweep();
    planner.changeTo({ gamma: 0.75 });
    expect(planner.converged).toBe(false);
    while (!planner.converged) planner.sweep();
    expect(planner.stateValues()[0]).toBeCloseTo(4, 9);
    expect(() => planner.changeTo({ gamma: 2 })).toThrow('gamma');
  });
});

describe('Q-iteration by steps', () => {
  it('backs up pairs in order', () => {
    const planner = new StepwiseQIteration(corridor, { gamma: 0.5 });
    const seen = Array.from({ length: 6 }, () => {
      const { state, action, after } = planner.step();
      return [state, action, after];
    });
    // The last state's left action already sees nothing better than 0 in the middle.
    expect(seen).toEqual([
      [0, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
      [1, 1, 0],
      [2, 0, 0],
      [2, 1, 1],
    ]);
    while (!planner.converged) planner.sweep();
    expect([...planner.actionValues()]).toEqual([0.125, 0.25, 0.125, 0.5, 0.25, 1]);
    expect([...planner.stateValues()]).toEqual([0.25, 0.5, 1]);
  });
});

describe('policy iteration by steps', () => {
  it('evaluates, improves from the goal backwards, and is done when nothing changes', () => {
    const planner = new StepwisePolicyIteration(corridor, { gamma: 0.5 });
    const policies = [];
    while (!planner.converged) {
      while (planner.phase === 'evaluation') planner.step();
      expect(planner.step()).toMatchObject({ kind: 'improvement', state: 0, last: false });
      planner.sweep();
      policies.push([...planner.policy()]);
    }
    // Only the last cell knows better at first; its neighbour learns from it.
    expect(policies).toEqual([
      [0, 0, 1],
      [0, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ]);
    expect(planner.improvements).toBe(3);
    expect([...planner.stateValues()]).toEqual([0.25, 0.5, 1]);
  });

  it('evaluates anew when the model changes', () => {
    const planner = new StepwisePolicyIteration(corridor, { gamma: 0.5 });
    while (!planner.converged) planner.sweep();
    const closed = corridor.transitions.map((actions, state) =>
      state === 2 ? [outcome(1, 1), outcome(2, 0, true)] : actions,
    );
    planner.changeTo({ model: { ...corridor, transitions: closed } });
    while (!planner.converged) planner.sweep();
    // Now the way back pays: between the last two cells for ever, 1 every second step.
    expect(planner.stateValues()[2]).toBeCloseTo(1 / (1 - 0.25), 9);
    expect([...planner.policy()]).toEqual([1, 1, 0]);
  });
});

describe('on FrozenLake, steps end where the planners do', () => {
  const { model } = new FrozenLakeEnv();
  it.each([
    [StepwiseValueIteration, valueIteration],
    [StepwiseQIteration, qIteration],
    [StepwisePolicyIteration, policyIteration],
  ] as const)('%o', (Planner, plan) => {
    const planner = new Planner(model, { gamma: 0.9 });
    while (!planner.converged) planner.step();
    const { values, actionValues, policy, sweeps } = plan(model, { gamma: 0.9 });
    expect([planner.sweeps, planner.stateValues(), planner.actionValues(), planner.policy()]).toEqual([
      sweeps,
      values,
      actionValues,
      policy,
    ]);
    // Solved exactly: Lapan, chapter 5.
    expect(values[0]).toBeCloseTo(0.0688909049, 9);
  });
});

it('an agent goes on with other settings', () => {
  const config = {
    ...{
      gamma: 0.9,
      alpha: 0.5,
      epsilonStart: 1,
      epsilonFinal: 1,
      epsilonDecaySteps: 0,
      behaviour: 'epsilon-greedy' as const,
    },
    ...{ testInterval: 1e9, testEpisodes: 1, rewardBound: null, maxIterations: 1e9, cells: null, actionBins: null },
    actionMasks: false,
  } as const;
  const make = () => new FrozenLakeEnv({ desc: ['SG'], isSlippery: false });
  const agent = new QLearningAgent({ env: make(), testEnv: make(), config, seed: 1 });
  const right = 2;
  while (agent.q[right] === 0) agent.iterate();
  expect(agent.q[right]).toBe(0.5);
  agent.change({ alpha: 1, epsilonStart: 0, epsilonFinal: 0 });
  expect(agent.epsilon).toBe(0);
  agent.iterate();
  expect(agent.q[right]).toBe(1);
  expect(() => agent.change({ alpha: null })).toThrow('alpha');
});

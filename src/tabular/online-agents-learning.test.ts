import { describe, expect, it } from 'vitest';
import { corridor } from '../../test/support/model-env.ts';
import { agentIn, type OnlineName, randomModel } from '../../test/support/online-agents.ts';
import type { Env } from '../core/env.ts';
import { makeFromKwargs } from '../envs/index.ts';
import type { TabularModel } from '../envs/tabular-model.ts';
import { tabularControlRecipes } from '../recipes/tabular-control.ts';
import { tabularAlgorithm } from './algorithms.ts';
import { withNumberedStates } from './numbered-states.ts';
import { valueIteration } from './planners.ts';
import { runPolicy } from './policies.ts';
import { policyEvaluation } from './policy-evaluation.ts';

/** Q of the policy that is epsilon-greedy to its own Q: the best epsilon-soft policy (Sutton & Barto, p. 102). */
function softOptimum(model: TabularModel, gamma: number, epsilon: number): Float64Array {
  const { nStates, nActions } = model;
  // Choosing among actions that slip to a random one with probability epsilon is the same as the soft policy.
  const slipping: TabularModel = {
    ...model,
    transitions: model.transitions.map((actions) =>
      actions.map((outcomes) => [
        ...outcomes.map((o) => ({ ...o, probability: o.probability * (1 - epsilon) })),
        ...actions.flat().map((o) => ({ ...o, probability: (o.probability * epsilon) / nActions })),
      ]),
    ),
  };
  const { policy } = valueIteration(slipping, { gamma });
  const soft = new Float64Array(nStates * nActions).fill(epsilon / nActions);
  for (let s = 0; s < nStates; s++) soft[s * nActions + policy[s]] += 1 - epsilon;
  const { values } = policyEvaluation(model, soft, gamma);
  return Float64Array.from({ length: nStates * nActions }, (_, pair) =>
    model.transitions[Math.floor(pair / nActions)][pair % nActions].reduce(
      (sum, o) => sum + o.probability * (o.reward + (o.terminated ? 0 : gamma * values[o.nextState])),
      0,
    ),
  );
}

const worst = (a: Float64Array, b: Float64Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));

describe('what tells the methods apart', () => {
  it('SARSA counts the action that is taken, Q-learning the best one', () => {
    // Staying in s1 costs: an agent that always explores takes it half of the time.
    const model = corridor([0, 8], -2);
    const [sarsa, qLearning] = (['sarsa', 'q-learning'] as const).map((name) => {
      const agent = agentIn(model, name, { epsilonStart: 1, epsilonFinal: 1, alpha: 0.002, gamma: 1 }, 3);
      for (let i = 0; i < 60_000; i++) agent.iterate();
      return agent;
    });
    // The coin tosser in s1: V = 0.5 * 8 + 0.5 (V - 2), so 6; the best player: 8.
    expect(sarsa.q[0]).toBeCloseTo(6, 0);
    expect(qLearning.q[0]).toBeCloseTo(8, 1);
  });
  it('Double Q-learning is not drawn to a lucky draw (Sutton & Barto, Example 6.7)', () => {
    // From A: right ends with 0; left leads to B, whose ten actions all pay -0.1 on average, by +0.9 or -1.1.
    const lucky = [
      { probability: 0.5, nextState: 2, reward: 0.9, terminated: true },
      { probability: 0.5, nextState: 2, reward: -1.1, terminated: true },
    ];
    const over = [{ probability: 1, nextState: 2, reward: 0, terminated: true }];
    const model: TabularModel = {
      nStates: 3,
      nActions: 10,
      transitions: [
        Array.from({ length: 10 }, (_, action) =>
          action === 0 ? [{ probability: 1, nextState: 1, reward: 0, terminated: false }] : over,
        ),
        Array.from({ length: 10 }, () => lucky),
        Array.from({ length: 10 }, () => over),
      ],
      initialStateDistribution: Float64Array.of(1, 0, 0),
    };
    const change = { epsilonStart: 1, epsilonFinal: 1, alpha: 0.1, gamma: 1 };
    const meanOfLeft = (name: OnlineName) => {
      let total = 0;
      for (let seed = 0; seed < 20; seed++) {
        const agent = agentIn(model, name, change, seed);
        for (let i = 0; i < 5000; i++) agent.iterate();
        total += agent.q[0];
      }
      return total / 20;
    };
    expect(meanOfLeft('q-learning')).toBeGreaterThan(0.1);
    expect(meanOfLeft('double-q-learning')).toBeLessThan(0);
  });
});

describe('convergence to the values of dynamic programming, 6 states, 3 actions', () => {
  const gamma = 0.8;
  const epsilon = 0.6;
  const model = randomModel(11, 6, 3);
  const optimal = valueIteration(model, { gamma }).actionValues;
  const soft = softOptimum(model, gamma, epsilon);
  const explore = { gamma, epsilonStart: epsilon, epsilonFinal: epsilon, alpha: 0.001 };
  it('the two answers differ, so that the tests tell them apart', () => {
    expect(worst(optimal, soft)).toBeGreaterThan(0.3);
  });
  it.each(['q-learning', 'double-q-learning', 'n-step-tree-backup'] as const)('%s learns Q*', (name) => {
    const agent = agentIn(model, name, explore, 1);
    // Each step of Double Q-learning teaches one of two tables.
    const steps = name === 'double-q-learning' ? 2_000_000 : 600_000;
    for (let i = 0; i < steps; i++) agent.iterate();
    expect(worst(agent.q, optimal)).toBeLessThan(0.12);
  });
  it.each(['sarsa', 'expected-sarsa', 'n-step-sarsa'] as const)('%s learns Q of its own policy', (name) => {
    const agent = agentIn(model, name, explore, 1);
    for (let i = 0; i < 400_000; i++) agent.iterate();
    expect(worst(agent.q, soft)).toBeLessThan(0.12);
  });
  it.each(['n-step-sarsa', 'n-step-q'] as const)('%s with importance sampling learns Q*', (name) => {
    const agent = agentIn(model, name, { ...explore, alpha: 0.0003, importanceSampling: true }, 1);
    for (let i = 0; i < 1_500_000; i++) agent.iterate();
    expect(worst(agent.q, optimal)).toBeLessThan(0.12);
  });
  it('off-policy Monte Carlo learns Q* where episodes are short, so that its weights stay small', () => {
    const short = randomModel(11, 6, 3, 0.5);
    const agent = agentIn(short, 'off-policy-monte-carlo', { ...explore, alpha: null }, 1);
    for (let i = 0; i < 1_000_000; i++) agent.iterate();
    const answer = valueIteration(short, { gamma }).actionValues;
    expect(worst(agent.q, answer)).toBeLessThan(0.08);
    expect(worst(answer, softOptimum(short, gamma, epsilon))).toBeGreaterThan(0.12);
  });
  it('first-visit Monte Carlo learns Q of its own policy', () => {
    const agent = agentIn(model, 'monte-carlo', { ...explore, alpha: null }, 1);
    for (let i = 0; i < 600_000; i++) agent.iterate();
    expect(worst(agent.q, soft)).toBeLessThan(0.12);
  });
});

describe('learning', () => {
  const solve = (id: string, seed: number) => {
    const recipe = tabularControlRecipes.find((known) => known.id === id)!;
    const config = recipe.config as { cells: null; maxIterations: number };
    const make = () =>
      withNumberedStates(makeFromKwargs(recipe.env, recipe.envOptions) as Env<unknown, number>, config.cells);
    const agent = tabularAlgorithm(recipe.algorithm)!.create({
      env: make(),
      testEnv: make(),
      seed,
      config: { ...config },
    });
    for (;;) {
      const { solved, iteration } = agent.iterate();
      if (solved || iteration >= config.maxIterations) return { solved, agent, make };
    }
  };
  it.each([
    'q-learning-cliff-walking',
    'sarsa-cliff-edge',
    'expected-sarsa-cliff-edge',
    'double-q-learning-cliff-walking',
    'n-step-tree-backup-cliff-walking',
    'q-lambda-cliff-walking',
    'dyna-q-cliff-walking',
  ])('%s goes along the edge of the cliff, 13 steps', (id) => {
    const { solved, agent, make } = solve(id, 1);
    expect(solved).toBe(true);
    expect(runPolicy(make(), (state) => agent.greedyAction(state), 1).meanReturn).toBe(-13);
  });
  it('SARSA keeps away from the edge while it explores', () => {
    const { solved, agent, make } = solve('sarsa-cliff-walking', 1);
    expect(solved).toBe(true);
    expect(runPolicy(make(), (state) => agent.greedyAction(state), 1).meanReturn).toBeLessThan(-13);
  });
  it.each(['sarsa', 'dyna-q'])('%s balances a pole in cells', (name) => {
    expect(solve(`${name}-cart-pole`, 1).solved).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import type { Env } from '../core/env.ts';
import { FrozenLakeEnv, make, type TabularModel, TaxiEnv } from '../envs/index.ts';
import {
  qIterationFrozenLake,
  qLearningFrozenLake,
  qLearningFrozenLakeDry,
  qLearningTaxi,
  tabularRecipes,
  valueIterationFrozenLake,
} from '../recipes/tabular.ts';
import { actionValuesOf, compileModel } from './compiled-model.ts';
import { parseQLearningConfig, parseSampledModelConfig } from './config.ts';
import { policyIteration, qIteration, valueIteration } from './planners.ts';
import { runPolicy, tablePolicy } from './policies.ts';
import { policyEvaluationExact, startValue } from './policy-evaluation.ts';
import { QIterationAgent } from './q-iteration.ts';
import { QLearningAgent } from './q-learning.ts';
import { solve } from './tabular-agent.ts';
import { ValueIterationAgent } from './value-iteration.ts';

const gap = (a: Float64Array, b: Float64Array): number =>
  a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0);

const models: readonly (readonly [string, TabularModel])[] = [
  ['FrozenLake 4x4', new FrozenLakeEnv().model],
  ['FrozenLake 8x8', new FrozenLakeEnv({ mapName: '8x8' }).model],
  ['FrozenLake 8x8 without slipping', new FrozenLakeEnv({ mapName: '8x8', isSlippery: false }).model],
  ['FrozenLake with a slope', new FrozenLakeEnv({ successRate: 0.8, rewardSchedule: [10, -5, -0.1] }).model],
  ['Taxi', new TaxiEnv().model],
  ['Taxi in rain', new TaxiEnv({ isRainy: true }).model],
];

describe('V* of real environments', () => {
  for (const [name, model] of models) {
    it.each([0.8, 0.9, 0.99])(`${name}, gamma %f: planners agree with a linear solve to 1e-9`, (gamma) => {
      const plan = valueIteration(model, { gamma });
      const exact = policyEvaluationExact(model, plan.policy, gamma)!;
      expect(plan.converged).toBe(true);
      expect(gap(plan.values, exact)).toBeLessThan(1e-9);
      // No action is better than the exact values say: they are optimal, not only this policy's.
      const q = actionValuesOf(compileModel(model), exact, gamma);
      const best = exact.map((_, s) => Math.max(...q.subarray(s * model.nActions, (s + 1) * model.nActions)));
      expect(gap(best, exact)).toBeLessThan(1e-9);
      expect(gap(qIteration(model, { gamma }).values, exact)).toBeLessThan(1e-9);
      expect(gap(policyIteration(model, { gamma }).values, exact)).toBeLessThan(1e-9);
    });
  }
  it('is the probability to cross where only the goal pays and nothing is discounted', () => {
    // Known for the 4x4 lake: 14/17 from the start.
    const plan = valueIteration(models[0]![1], { gamma: 1, tolerance: 1e-15 });
    expect(startValue(models[0]![1], plan.values)).toBeCloseTo(14 / 17, 9);
    // Without slipping the goal is six steps away: the reward is discounted five times.
    const dry = new FrozenLakeEnv({ isSlippery: false });
    expect(valueIteration(dry.model, { gamma: 0.9 }).values[0]).toBeCloseTo(0.9 ** 5, 12);
  });
  it('predicts what episodes of the policy pay', () => {
    const env = make('Taxi-v3');
    const { model } = new TaxiEnv();
    const plan = valueIteration(model, { gamma: 1 });
    const run = runPolicy(env, tablePolicy(plan.policy), 4000, 1);
    // Returns of an optimal taxi have a standard deviation near 2.6: four standard errors are 0.17.
    expect(Math.abs(run.meanReturn - startValue(model, plan.values))).toBeLessThan(0.17);
  });
});

describe('learning with the recipes', () => {
  const world = (id: string, seed: number, options: Readonly<Record<string, unknown>> = {}) => ({
    env: make(id, options) as Env<number, number>,
    testEnv: make(id, options) as Env<number, number>,
    seed,
  });
  it.each([2, 4])('value iteration and Q-iteration solve the 8x8 lake, seed %i', (seed) => {
    const { config } = valueIterationFrozenLake;
    const byValues = solve(
      new ValueIterationAgent({ ...world('FrozenLake8x8-v1', seed), config }),
      config.maxIterations,
    );
    expect(byValues.solved).toBe(true);
    const byQ = solve(
      new QIterationAgent({ ...world('FrozenLake8x8-v1', seed), config: qIterationFrozenLake.config }),
      config.maxIterations,
    );
    expect(byQ.solved).toBe(true);
  });
  it.each([1, 2, 3])('Q-learning solves FrozenLake, seed %i', (seed) => {
    for (const recipe of [qLearningFrozenLake, qLearningFrozenLakeDry]) {
      const options = 'envOptions' in recipe ? recipe.envOptions : {};
      const { config } = recipe;
      const report = solve(new QLearningAgent({ ...world(recipe.env, seed, options), config }), config.maxIterations);
      expect(report.solved).toBe(true);
    }
  });
  it.each([1, 2])('Q-learning solves Taxi, seed %i, at random and epsilon-greedy', (seed) => {
    const { config } = qLearningTaxi;
    const random = new QLearningAgent({ ...world('Taxi-v3', seed), config });
    expect(solve(random, config.maxIterations).solved).toBe(true);
    const greedy = new QLearningAgent({
      ...world('Taxi-v3', seed),
      config: { ...config, behaviour: 'epsilon-greedy' },
    });
    expect(solve(greedy, config.maxIterations).solved).toBe(true);
  });
  it('converges to Q* where nothing is random', () => {
    const { config } = qLearningTaxi;
    const agent = new QLearningAgent({ ...world('Taxi-v3', 1), config: { ...config, testInterval: 1_000_000 } });
    for (let i = 0; i < 999_999; i++) agent.iterate();
    const optimal = valueIteration(new TaxiEnv().model, { gamma: config.gamma });
    // The states that episodes pass through: the passenger has not arrived.
    const states = optimal.values.map((_, s) => s).filter((s) => Math.floor(s / 4) % 5 !== s % 4);
    expect(states).toHaveLength(400);
    const values = agent.stateValues();
    for (const s of states) expect(values[s]).toBeCloseTo(optimal.values[s]!, 3);
  });
  it.each(
    tabularRecipes.map((recipe) => [recipe.id, recipe] as const),
  )('%s has a valid configuration', (_id, recipe) => {
    const parse = recipe.algorithm === 'q-learning' ? parseQLearningConfig : parseSampledModelConfig;
    expect(parse({ ...recipe.config })).toEqual(recipe.config);
  });
});

/** Tests that learn for seconds: what agents with action masks converge to. */
import { describe, expect, it } from 'vitest';
import {
  allowedPairs,
  createMasked,
  learnPoisoned,
  MASKED_EPSILON,
  MASKED_GAMMA,
  type MaskedOnlineName,
  masks,
  POISON,
} from '../../test/support/masked-agents.ts';
import { MaskedEnv } from '../../test/support/masked-env.ts';
import { randomModel } from '../../test/support/online-agents.ts';
import type { TabularModel } from '../envs/tabular-model.ts';
import { valueIteration } from './planners.ts';
import { policyEvaluation } from './policy-evaluation.ts';
import type { SampledModelAgent } from './sampled-model-agent.ts';

const [nStates, nActions] = [6, 4];

/** The same choices in a world without masks: a forbidden action does what the first allowed one does. */
function restricted(model: TabularModel): TabularModel {
  const transitions = model.transitions.map((actions, s) =>
    actions.map((outcomes, a) => (masks[s][a] === 1 ? outcomes : actions[masks[s].indexOf(1)])),
  );
  return { ...model, transitions };
}

/** Q of the policy that is epsilon-greedy, among the allowed actions, to its own Q. */
function softOptimum(model: TabularModel, gamma: number, epsilon: number): Float64Array {
  const counts = masks.map((mask) => mask.reduce((sum, bit) => sum + bit, 0));
  const slipping: TabularModel = {
    ...model,
    transitions: restricted(model).transitions.map((actions, s) =>
      actions.map((outcomes) => [
        ...outcomes.map((o) => ({ ...o, probability: o.probability * (1 - epsilon) })),
        ...model.transitions[s].flatMap((others, a) =>
          others.map((o) => ({ ...o, probability: (o.probability * epsilon * masks[s][a]) / counts[s] })),
        ),
      ]),
    ),
  };
  const best = valueIteration(slipping, { gamma }).policy;
  const soft = Float64Array.from(allowedPairs, (bit, pair) => (bit * epsilon) / counts[Math.floor(pair / nActions)]);
  best.forEach((action, s) => {
    soft[s * nActions + (masks[s][action] === 1 ? action : masks[s].indexOf(1))] += 1 - epsilon;
  });
  const { values } = policyEvaluation(model, soft, gamma);
  return Float64Array.from(allowedPairs, (_, pair) =>
    model.transitions[Math.floor(pair / nActions)][pair % nActions].reduce(
      (sum, o) => sum + o.probability * (o.reward + (o.terminated ? 0 : gamma * values[o.nextState])),
      0,
    ),
  );
}

/** Largest difference over the allowed pairs. */
const worst = (a: Float64Array, b: Float64Array) =>
  Math.max(...allowedPairs.map((bit, i) => bit * Math.abs(a[i] - b[i])));

describe('6 states, 4 actions, of which some are forbidden and said to be worth 1000', () => {
  const gamma = MASKED_GAMMA;
  const epsilon = MASKED_EPSILON;
  const model = randomModel(12, nStates, nActions, 0.1);
  const short = randomModel(12, nStates, nActions, 0.5);
  const optimal = valueIteration(restricted(model), { gamma }).actionValues;
  const soft = softOptimum(model, gamma, epsilon);
  const learn = (name: MaskedOnlineName, steps: number, world = model, change: object = {}) => {
    const q = learnPoisoned(name, steps, world, change);
    // Nothing was learned about forbidden actions either.
    allowedPairs.forEach((bit, pair) => {
      if (bit === 0) expect(q[pair]).toBe(POISON);
    });
    return q;
  };

  it('the answers differ, from each other and from those without masks', () => {
    expect(worst(optimal, soft)).toBeGreaterThan(0.3);
    expect(worst(optimal, valueIteration(model, { gamma }).actionValues)).toBeGreaterThan(0.2);
  });
  it.each([
    ['q-learning', 600_000],
    ['double-q-learning', 1_500_000],
    ['n-step-tree-backup', 500_000],
  ] as const)('%s learns Q* of what is allowed', (name, steps) => {
    expect(worst(learn(name, steps), optimal)).toBeLessThan(0.12);
  });
  it.each(['n-step-sarsa', 'n-step-q'] as const)('%s with importance sampling learns Q* of what is allowed', (name) => {
    const change = { alpha: 0.0005, importanceSampling: true };
    expect(worst(learn(name, 1_200_000, model, change), optimal)).toBeLessThan(0.15);
  });
  it.each(['sarsa', 'expected-sarsa', 'n-step-sarsa'] as const)('%s learns Q of its own policy', (name) => {
    expect(worst(learn(name, 400_000), soft)).toBeLessThan(0.12);
  });
  it('Monte Carlo learns Q of its own policy', () => {
    expect(worst(learn('monte-carlo', 500_000), soft)).toBeLessThan(0.12);
  });
  it('off-policy Monte Carlo learns Q* of what is allowed', () => {
    const answer = valueIteration(restricted(short), { gamma }).actionValues;
    expect(worst(learn('off-policy-monte-carlo', 1_000_000, short), answer)).toBeLessThan(0.1);
  });
  it('Dyna-Q learns Q* of what is allowed where the world is certain, as its model takes it', () => {
    const certain: TabularModel = {
      ...model,
      transitions: model.transitions.map((actions) =>
        actions.map(([outcome, , end], a) => [{ ...(a === 3 ? end : outcome), probability: 1 }]),
      ),
    };
    const answer = valueIteration(restricted(certain), { gamma }).actionValues;
    expect(worst(learn('dyna-q', 20_000, certain, { alpha: 0.1, planningSteps: 5 }), answer)).toBeLessThan(1e-6);
  });
  it.each(['value-iteration', 'q-iteration'] as const)('%s from samples finds V* of what is allowed', (name) => {
    // Every step costs: what was never seen, and is worth 0, would look best.
    const costly: TabularModel = {
      ...model,
      transitions: model.transitions.map((actions) =>
        actions.map((outcomes) => outcomes.map((o) => ({ ...o, reward: o.reward - 4 }))),
      ),
    };
    const agent = createMasked(name, () => new MaskedEnv(costly, masks)) as SampledModelAgent;
    for (let i = 0; i < 600; i++) agent.iterate();
    const values = valueIteration(restricted(costly), { gamma }).values;
    agent.stateValues().forEach((value, s) => {
      expect(Math.abs(value - values[s])).toBeLessThan(0.3);
    });
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MaskedEnv } from '../../test/support/masked-env.ts';
import { corridor, ModelEnv } from '../../test/support/model-env.ts';
import type { Env } from '../core/env.ts';
import { ActionMaskError, MismatchError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { TimeLimit } from '../core/time-limit.ts';
import { makeFromKwargs } from '../envs/index.ts';
import type { TabularModel } from '../envs/tabular-model.ts';
import { bestAction, bestValue, greedyActions, stateValuesOf } from './action-values.ts';
import { type TabularAlgorithmName, tabularAlgorithms } from './algorithms.ts';
import { epsilonGreedyValue } from './expected-sarsa.ts';
import type { OnlineAgent } from './online-agent.ts';
import { valueIteration } from './planners.ts';
import { policyEvaluation } from './policy-evaluation.ts';
import { qLearningTarget } from './q-learning.ts';
import type { SampledModelAgent } from './sampled-model-agent.ts';

const shared = {
  gamma: 0.8,
  testEpisodes: 1,
  rewardBound: null,
  maxIterations: 1_000_000,
  cells: null,
  actionMasks: true,
};
const online = { ...shared, epsilonStart: 0.6, epsilonFinal: 0.6, epsilonDecaySteps: 0, testInterval: 1_000_000_000 };
const td = { ...online, alpha: 0.001 };

const onlineConfigs = {
  'q-learning': { ...td, behaviour: 'epsilon-greedy' },
  sarsa: td,
  'expected-sarsa': td,
  'double-q-learning': td,
  'n-step-sarsa': { ...td, nStep: 2, importanceSampling: false },
  'n-step-q': { ...td, nStep: 2, importanceSampling: false },
  'n-step-tree-backup': { ...td, nStep: 2 },
  'q-lambda': { ...td, lambda: 0.5, traces: 'replacing' },
  'dyna-q': { ...td, planningSteps: 2 },
  'monte-carlo': { ...online, alpha: null },
  'monte-carlo-es': { ...online, alpha: null },
  'off-policy-monte-carlo': { ...online, alpha: null },
} as const;
const configs = {
  ...onlineConfigs,
  'value-iteration': { ...shared, stepsPerIteration: 100 },
  'q-iteration': { ...shared, stepsPerIteration: 100 },
} as const satisfies Record<TabularAlgorithmName, object>;

type Name = keyof typeof configs;
type OnlineName = keyof typeof onlineConfigs;
const names = Object.keys(configs) as Name[];
const onlineNames = Object.keys(onlineConfigs) as OnlineName[];

function create(name: Name, make: () => Env<number, number>, change: object = {}, seed = 1) {
  const config = { ...configs[name], ...change };
  return tabularAlgorithms[name].create({ env: make(), testEnv: make(), config, seed });
}

interface RecordedRun {
  algorithm: 'q-learning' | 'sarsa' | 'expected-sarsa';
  env: string;
  options: Readonly<Record<string, unknown>>;
  seed: number;
  gamma: number;
  alpha: number;
  epsilon?: [number, number, number];
  testInterval: number;
  testEpisodes: number;
  rewards: number[];
  table: number[];
}

/** Lines that test/oracle/action_masks.py printed; the first names versions. */
const recorded: RecordedRun[] = readFileSync(
  new URL('../../test/oracle/fixtures/action-masks.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => JSON.parse(line));

describe('runs of a program in Python by the documentation of Taxi, bit for bit', () => {
  it('has recorded runs', () => {
    expect(recorded).toHaveLength(5);
  });
  it.each(recorded.map((run) => [`${run.algorithm} ${run.env} seed ${run.seed}`, run] as const))('%s', (_name, run) => {
    const { algorithm, gamma, alpha, testInterval, testEpisodes, epsilon = [1, 0, 1] } = run;
    const [epsilonStart, epsilonFinal, epsilonDecaySteps] = epsilon;
    const behaviour = run.epsilon === undefined ? 'random' : 'epsilon-greedy';
    const agent = create(
      algorithm,
      () => makeFromKwargs(run.env, run.options) as Env<number, number>,
      {
        ...{ gamma, alpha, testInterval, testEpisodes, epsilonStart, epsilonFinal, epsilonDecaySteps },
        ...(algorithm === 'q-learning' ? { behaviour } : {}),
      },
      run.seed,
    );
    const rewards: number[] = [];
    while (rewards.length < run.rewards.length) {
      const { testReward } = agent.iterate();
      if (testReward !== undefined) rewards.push(testReward);
    }
    expect(rewards).toEqual(run.rewards);
    expect(Array.from(agent.actionValues().subarray(0, run.table.length))).toEqual(run.table);
  });
});

describe('reading tables', () => {
  const q = Float64Array.of(9, 1, 3, 3, /**/ -1, -2, -3, -3);
  const mask = Int8Array.of(0, 1, 1, 1);
  it('takes the best allowed action, ties to the lowest', () => {
    expect(bestAction(q, 4, 0, mask)).toBe(2);
    expect(bestValue(q, 4, 0, mask)).toBe(3);
    expect(bestAction(q, 4, 1, mask)).toBe(1);
    expect(bestAction(q, 4, 1, Int8Array.of(0, 0, 1, 1))).toBe(2);
    expect(bestAction(q, 4, 0, Int8Array.of(0, 1, 0, 0))).toBe(1);
  });
  it('of all states', () => {
    const masks = Int8Array.of(0, 1, 0, 1, /**/ 0, 0, 0, 1);
    expect(greedyActions(q, 4, masks)).toEqual(Int32Array.of(3, 3));
    expect(stateValuesOf(q, 4, masks)).toEqual(Float64Array.of(3, -3));
  });
  it('looks ahead among the actions of the next state', () => {
    expect(qLearningTarget(q, 4, 1, 0, false, 0.5, mask)).toBe(2.5);
    expect(qLearningTarget(q, 4, 1, 0, true, 0.5, mask)).toBe(1);
  });
  it('averages over the allowed actions', () => {
    // 0.6 of the best of 1, 3, 3 and 0.4 of their mean.
    expect(epsilonGreedyValue(q, 4, 0, 0.4, mask)).toBeCloseTo(0.6 * 3 + (0.4 * 7) / 3, 12);
  });
});

/** A world of random outcomes in which every step may end it. */
function randomModel(seed: number, nStates: number, nActions: number, end: number): TabularModel {
  const generator = new Generator(seed);
  const anywhere = () => generator.integers(nStates);
  return {
    nStates,
    nActions,
    transitions: Array.from({ length: nStates }, () =>
      Array.from({ length: nActions }, () => [
        { probability: 0.7 - end, nextState: anywhere(), reward: generator.normal(), terminated: false },
        { probability: 0.3, nextState: anywhere(), reward: generator.normal(), terminated: false },
        { probability: end, nextState: 0, reward: generator.normal(), terminated: true },
      ]),
    ),
    initialStateDistribution: new Float64Array(nStates).fill(1 / nStates),
  };
}

const masks = [
  [0, 1, 1, 1],
  [1, 0, 1, 0],
  [0, 0, 1, 1],
  [1, 1, 1, 1],
  [0, 0, 0, 1],
  [1, 1, 0, 1],
];
const [nStates, nActions] = [6, 4];
const flat = masks.flat();

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
  const soft = Float64Array.from(flat, (bit, pair) => (bit * epsilon) / counts[Math.floor(pair / nActions)]);
  best.forEach((action, s) => {
    soft[s * nActions + (masks[s][action] === 1 ? action : masks[s].indexOf(1))] += 1 - epsilon;
  });
  const { values } = policyEvaluation(model, soft, gamma);
  return Float64Array.from(flat, (_, pair) =>
    model.transitions[Math.floor(pair / nActions)][pair % nActions].reduce(
      (sum, o) => sum + o.probability * (o.reward + (o.terminated ? 0 : gamma * values[o.nextState])),
      0,
    ),
  );
}

/** Largest difference over the allowed pairs. */
const worst = (a: Float64Array, b: Float64Array) => Math.max(...flat.map((bit, i) => bit * Math.abs(a[i] - b[i])));

/** What a table holds for forbidden actions before it learns, so that one look at it spoils everything. */
const POISON = 1000;

describe('6 states, 4 actions, of which some are forbidden and said to be worth 1000', () => {
  const { gamma } = shared;
  const epsilon = online.epsilonStart;
  const model = randomModel(12, nStates, nActions, 0.1);
  const short = randomModel(12, nStates, nActions, 0.5);
  const optimal = valueIteration(restricted(model), { gamma }).actionValues;
  const soft = softOptimum(model, gamma, epsilon);
  const learn = (name: OnlineName, steps: number, world = model, change: object = {}) => {
    const agent = create(name, () => new MaskedEnv(world, masks), change) as OnlineAgent;
    const poison = Float64Array.from(flat, (bit) => (1 - bit) * POISON);
    agent.q.set(poison);
    if (name === 'double-q-learning') {
      for (const table of (agent as unknown as { tables: Float64Array[] }).tables) table.set(poison);
    }
    for (let i = 0; i < steps; i++) agent.iterate();
    // Nothing was learned about them either.
    flat.forEach((bit, pair) => {
      if (bit === 0) expect(agent.q[pair]).toBe(POISON);
    });
    return agent.q;
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
  it.each([
    ['n-step-q', {}],
    ['q-lambda', {}],
    ['dyna-q', {}],
    ['monte-carlo-es', {}],
  ] as const)('%s lets no forbidden value in', (name, change) => {
    const q = learn(name, 20_000, model, change);
    expect(Math.max(...flat.map((bit, pair) => bit * q[pair]))).toBeLessThan(20);
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
    const agent = create(name, () => new MaskedEnv(costly, masks)) as SampledModelAgent;
    for (let i = 0; i < 600; i++) agent.iterate();
    const values = valueIteration(restricted(costly), { gamma }).values;
    agent.stateValues().forEach((value, s) => {
      expect(Math.abs(value - values[s])).toBeLessThan(0.3);
    });
  });
});

describe('every agent', () => {
  const model = randomModel(3, nStates, nActions, 0.1);
  const change = (name: Name) =>
    name in onlineConfigs
      ? { epsilonStart: 0.9, epsilonFinal: 0.1, epsilonDecaySteps: 500, testInterval: 50, testEpisodes: 3 }
      : { stepsPerIteration: 5 };
  const limited = () => new TimeLimit(new MaskedEnv(model, masks), 7);

  // MaskedEnv throws when a forbidden action is taken, in tests too.
  it.each(names)('%s takes every allowed action and no other', (name) => {
    const taken = new Set<string>();
    const make = () => {
      const env = limited();
      let state = 0;
      const [reset, step] = [env.reset.bind(env), env.step.bind(env)];
      env.reset = (options) => {
        const result = reset(options);
        state = result.observation;
        return result;
      };
      env.step = (action) => {
        taken.add(`${state} ${action}`);
        const result = step(action);
        state = result.observation;
        return result;
      };
      return env;
    };
    const agent = create(name, make, change(name));
    for (let i = 0; i < 2000; i++) agent.iterate();
    expect(taken.size).toBe(flat.reduce((sum, bit) => sum + bit, 0));
  });
  it.each(names)('%s: a run that was stopped and continued is bit for bit one that never stopped', (name) => {
    const whole = create(name, limited, change(name), 3);
    for (let i = 0; i < 123; i++) whole.iterate();
    const snapshot = whole.saveState();
    const expected = Array.from({ length: 200 }, () => whole.iterate());
    const continued = create(name, limited, change(name), 4);
    for (let i = 0; i < 37; i++) continued.iterate();
    continued.restoreState(snapshot);
    expect(Array.from({ length: 200 }, () => continued.iterate())).toEqual(expected);
    expect(continued.saveState()).toEqual(whole.saveState());
    expect(continued.actionMasks()).toEqual(Int8Array.from(flat));
  });
  it.each(names)('%s: the masks that it has seen are part of its state', (name) => {
    const whole = create(name, limited, change(name), 3);
    const seen = whole.actionMasks()!;
    expect(seen).not.toEqual(Int8Array.from(flat));
    const snapshot = whole.saveState();
    const other = create(name, limited, change(name), 4);
    for (let i = 0; i < 60; i++) other.iterate();
    expect(other.actionMasks()).toEqual(Int8Array.from(flat));
    other.restoreState(snapshot);
    expect(other.actionMasks()).toEqual(seen);
  });
  it.each(names)('%s refuses an environment without masks', (name) => {
    expect(() => create(name, () => new ModelEnv(model))).toThrow(MismatchError);
  });
  it.each(names)('%s needs no mask where an episode has terminated', (name) => {
    // The corridor's end allows nothing; nor need it.
    const end = [...Array.from({ length: 2 }, () => [1, 0]), [0, 0]];
    const agent = create(name, () => new MaskedEnv(corridor([0, 8]), end), change(name));
    for (let i = 0; i < 60; i++) agent.iterate();
    expect(agent.progress.episodes).toBeGreaterThan(10);
    expect(agent.greedyAction(0)).toBe(0);
  });
});

describe('a mask that forbids everything', () => {
  const dead = [
    [1, 1],
    [1, 1],
    [0, 0],
    [1, 1],
  ];
  it.each(onlineNames)('%s stops with one line, and has learned nothing from the step', (name) => {
    const agent = create(name, () => new MaskedEnv(corridor([1, 1, 8], -1), dead), {
      epsilonStart: 0,
      epsilonFinal: 0,
    }) as OnlineAgent;
    agent.q.set([0, -100, 0, -100, 0, 0, 0, 0]);
    agent.iterate();
    const before = { q: agent.actionValues(), iteration: agent.progress.iteration, steps: agent.progress.steps };
    const message = 'action_mask: got Int8Array(2) [0, 0], allowed is 2 entries of 0 and 1, not all 0.';
    expect(() => agent.iterate()).toThrow(new ActionMaskError(Int8Array.of(0, 0), 2));
    expect(new ActionMaskError(Int8Array.of(0, 0), 2).message).toBe(message);
    const { iteration, steps } = agent.progress;
    expect({ q: agent.actionValues(), iteration, steps }).toEqual(before);
  });
  it('stops the construction too', () => {
    expect(() => create('sarsa', () => new MaskedEnv(corridor([1]), [[0, 0], []]))).toThrow(ActionMaskError);
  });
});

describe('what a trained agent says', () => {
  const agent = create('q-learning', () => makeFromKwargs('Taxi-v3') as Env<number, number>) as OnlineAgent;
  it('goes by the mask of the present info, else by the one last seen', () => {
    agent.q.set([0, 5, 9, 1, 2, 3], 0);
    // State 0 has not been seen: everything is allowed as far as the agent knows.
    expect(agent.greedyAction(0)).toBe(2);
    expect(agent.greedyAction(0, { action_mask: Int8Array.of(1, 0, 0, 1, 0, 1) })).toBe(5);
    expect(agent.greedyAction(0)).toBe(2);
    expect(() => agent.greedyAction(0, {})).toThrow(MismatchError);
  });
  it('gives values of what is allowed', () => {
    const forbidden = agent.actionMasks()!.indexOf(0);
    const state = Math.floor(forbidden / 6);
    agent.q.fill(-1, state * 6, state * 6 + 6);
    agent.q[forbidden] = 7;
    expect(agent.stateValues()[state]).toBe(-1);
  });
  it('has no masks without actionMasks', () => {
    const make = () => makeFromKwargs('Taxi-v3') as Env<number, number>;
    expect(create('q-learning', make, { actionMasks: false }).actionMasks()).toBeUndefined();
    expect(create('q-iteration', make, { actionMasks: false }).actionMasks()).toBeUndefined();
  });
});

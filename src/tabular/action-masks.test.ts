import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  allowedPairs,
  createMasked,
  learnPoisoned,
  type MaskedName,
  maskedNames,
  maskedOnlineNames,
  masks,
  POISON,
} from '../../test/support/masked-agents.ts';
import { MaskedEnv } from '../../test/support/masked-env.ts';
import { corridor, ModelEnv } from '../../test/support/model-env.ts';
import { randomModel } from '../../test/support/online-agents.ts';
import type { Env } from '../core/env.ts';
import { ActionMaskError, MismatchError } from '../core/errors.ts';
import { TimeLimit } from '../core/time-limit.ts';
import { makeFromKwargs } from '../envs/index.ts';
import { bestAction, bestValue, greedyActions, stateValuesOf } from './action-values.ts';
import { epsilonGreedyValue } from './expected-sarsa.ts';
import type { OnlineAgent } from './online-agent.ts';
import { qLearningTarget } from './q-learning.ts';

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

/** Lines that test/oracle/action_masks.py printed; the first maskedNames versions. */
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
    const agent = createMasked(
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

const model = randomModel(3, 6, 4);

describe('every agent', () => {
  it.each(maskedOnlineNames)('%s lets the value of no forbidden action in', (name) => {
    const q = learnPoisoned(name, 20_000, randomModel(12, 6, 4));
    allowedPairs.forEach((bit, pair) => {
      // Rewards are of the order of 1, and discounted ones sum up to less than 20.
      if (bit === 0) expect(q[pair]).toBe(POISON);
      else expect(Math.abs(q[pair])).toBeLessThan(20);
    });
  });
  const change = (name: MaskedName) =>
    (maskedOnlineNames as string[]).includes(name)
      ? { epsilonStart: 0.9, epsilonFinal: 0.1, epsilonDecaySteps: 500, testInterval: 50, testEpisodes: 3 }
      : { stepsPerIteration: 5 };
  const limited = () => new TimeLimit(new MaskedEnv(model, masks), 7);

  it.each(['value-iteration', 'q-iteration'] as const)('%s: forbidden actions, never seen, are not worth 0', (name) => {
    const costly = {
      ...model,
      transitions: model.transitions.map((actions) =>
        actions.map((outcomes) => outcomes.map((o) => ({ ...o, reward: -1 }))),
      ),
    };
    const agent = createMasked(name, () => new MaskedEnv(costly, masks));
    for (let i = 0; i < 50; i++) agent.iterate();
    // Every step costs 1.
    for (const value of agent.stateValues()) expect(value).toBeLessThan(-1);
  });
  // MaskedEnv throws when a forbidden action is taken, in tests too.
  it.each(maskedNames)('%s takes every allowed action and no other', (name) => {
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
    const agent = createMasked(name, make, change(name));
    for (let i = 0; i < 2000; i++) agent.iterate();
    expect(taken.size).toBe(allowedPairs.reduce((sum, bit) => sum + bit, 0));
  });
  it.each(maskedNames)('%s: a run that was stopped and continued is bit for bit one that never stopped', (name) => {
    const whole = createMasked(name, limited, change(name), 3);
    for (let i = 0; i < 123; i++) whole.iterate();
    const snapshot = whole.saveState();
    const expected = Array.from({ length: 200 }, () => whole.iterate());
    const continued = createMasked(name, limited, change(name), 4);
    for (let i = 0; i < 37; i++) continued.iterate();
    continued.restoreState(snapshot);
    expect(Array.from({ length: 200 }, () => continued.iterate())).toEqual(expected);
    expect(continued.saveState()).toEqual(whole.saveState());
    expect(continued.actionMasks()).toEqual(Int8Array.from(allowedPairs));
  });
  it.each(maskedNames)('%s: the masks that it has seen are part of its state', (name) => {
    const whole = createMasked(name, limited, change(name), 3);
    const seen = whole.actionMasks()!;
    expect(seen).not.toEqual(Int8Array.from(allowedPairs));
    const snapshot = whole.saveState();
    const other = createMasked(name, limited, change(name), 4);
    for (let i = 0; i < 60; i++) other.iterate();
    expect(other.actionMasks()).toEqual(Int8Array.from(allowedPairs));
    other.restoreState(snapshot);
    expect(other.actionMasks()).toEqual(seen);
  });
  it.each(maskedNames)('%s refuses an environment without masks', (name) => {
    expect(() => createMasked(name, () => new ModelEnv(model))).toThrow(MismatchError);
  });
  it.each(maskedNames)('%s needs no mask where an episode has terminated', (name) => {
    // The corridor's end allows nothing; nor need it.
    const end = [...Array.from({ length: 2 }, () => [1, 0]), [0, 0]];
    const agent = createMasked(name, () => new MaskedEnv(corridor([0, 8]), end), change(name));
    for (let i = 0; i < 60; i++) agent.iterate();
    expect(agent.progress.episodes).toBeGreaterThan(10);
    expect(agent.greedyAction(0)).toBe(0);
  });
});

describe('importance sampling, by hand: a corridor that pays 0 and then 8, in which staying is forbidden', () => {
  const forced = [...Array.from({ length: 2 }, () => [1, 0]), [1, 1]];
  const afterOneEpisode = (name: MaskedName, change: object = {}) => {
    const agent = createMasked(name, () => new MaskedEnv(corridor([0, 8]), forced), change) as OnlineAgent;
    agent.q.set([0, POISON, 0, POISON, 0, 0]);
    for (let i = 0; i < 2; i++) agent.iterate();
    return Array.from(agent.q.subarray(0, 4));
  };
  it('the only action allowed is the greedy one, so that off-policy Monte Carlo learns from the whole episode', () => {
    expect(afterOneEpisode('off-policy-monte-carlo')).toEqual([0.8 * 8, POISON, 8, POISON]);
  });
  it.each(['n-step-sarsa', 'n-step-q'] as const)('%s: and it is taken with probability 1, so that rho is 1', (name) => {
    const q = afterOneEpisode(name, { alpha: 0.5, importanceSampling: true });
    expect(q).toEqual([0.5 * 0.8 * 8, POISON, 0.5 * 8, POISON]);
  });
});

describe('a mask that forbids everything', () => {
  const dead = [
    [1, 1],
    [1, 1],
    [0, 0],
    [1, 1],
  ];
  it.each(maskedOnlineNames)('%s stops with one line, and has learned nothing from the step', (name) => {
    const agent = createMasked(name, () => new MaskedEnv(corridor([1, 1, 8], -1), dead), {
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
    expect(() => createMasked('sarsa', () => new MaskedEnv(corridor([1]), [[0, 0], []]))).toThrow(ActionMaskError);
  });
});

describe('what a trained agent says', () => {
  const agent = createMasked('q-learning', () => makeFromKwargs('Taxi-v3') as Env<number, number>) as OnlineAgent;
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
    expect(createMasked('q-learning', make, { actionMasks: false }).actionMasks()).toBeUndefined();
    expect(createMasked('q-iteration', make, { actionMasks: false }).actionMasks()).toBeUndefined();
  });
});

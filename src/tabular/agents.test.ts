import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Env } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { make, makeFromKwargs } from '../envs/index.ts';
import { bestAction, blend, greedyActions } from './action-values.ts';
import {
  parseQLearningConfig,
  parseSampledModelConfig,
  type QLearningConfig,
  type SampledModelConfig,
} from './config.ts';
import { QIterationAgent } from './q-iteration.ts';
import { QLearningAgent, qLearningTarget } from './q-learning.ts';
import { deriveSeeds } from './seeds.ts';
import { solve, type TabularAgent } from './tabular-agent.ts';
import { TransitionTable } from './transition-table.ts';
import { sampledActionValue, ValueIterationAgent } from './value-iteration.ts';

const sampledConfig: SampledModelConfig = {
  gamma: 0.9,
  stepsPerIteration: 100,
  testEpisodes: 20,
  rewardBound: 0.8,
  maxIterations: 5000,
  cells: null,
  actionBins: null,
  actionMasks: false,
};
const learningConfig: QLearningConfig = {
  gamma: 0.9,
  alpha: 0.2,
  behaviour: 'random',
  epsilonStart: 1,
  epsilonFinal: 0.05,
  epsilonDecaySteps: 3000,
  testInterval: 100,
  testEpisodes: 20,
  rewardBound: 0.8,
  maxIterations: 100_000,
  cells: null,
  actionBins: null,
  actionMasks: false,
};

const tabularEnv = (id: string, kwargs: Readonly<Record<string, unknown>> = {}): Env<number, number> =>
  makeFromKwargs(id, kwargs) as Env<number, number>;

/** Two environments and a seed for an agent. */
const world = (id: string, seed: number, kwargs?: Readonly<Record<string, unknown>>) => ({
  env: tabularEnv(id, kwargs),
  testEnv: tabularEnv(id, kwargs),
  seed,
});

interface RecordedRun {
  algorithm: 'value-iteration' | 'q-iteration' | 'q-learning';
  env: string;
  options: Readonly<Record<string, unknown>>;
  seed: number;
  rewards: number[];
  table: number[];
  gamma?: number;
  alpha?: number;
  epsilon?: [number, number, number];
  testInterval?: number;
  testEpisodes?: number;
}

/** Lines that test/oracle/tabular_agents.py printed; the first names versions. */
const recorded: RecordedRun[] = readFileSync(
  new URL('../../test/oracle/fixtures/tabular-agents.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => JSON.parse(line));

function agentOf(run: RecordedRun): TabularAgent {
  const start = world(run.env, run.seed, run.options);
  switch (run.algorithm) {
    case 'value-iteration':
      return new ValueIterationAgent({ ...start, config: sampledConfig });
    case 'q-iteration':
      return new QIterationAgent({ ...start, config: sampledConfig });
    case 'q-learning': {
      const { gamma, alpha, testInterval, testEpisodes } = run as Required<RecordedRun>;
      const config = { ...learningConfig, gamma, alpha, testInterval, testEpisodes };
      if (run.epsilon === undefined) return new QLearningAgent({ ...start, config });
      const [epsilonStart, epsilonFinal, epsilonDecaySteps] = run.epsilon;
      return new QLearningAgent({
        ...start,
        config: { ...config, behaviour: 'epsilon-greedy', epsilonStart, epsilonFinal, epsilonDecaySteps },
      });
    }
  }
}

describe("runs of the texts' programs in Python, bit for bit", () => {
  it('has recorded runs', () => {
    expect(recorded).toHaveLength(13);
  });
  it.each(recorded.map((run) => [`${run.algorithm} ${run.env} seed ${run.seed}`, run] as const))('%s', (_name, run) => {
    const agent = agentOf(run);
    const rewards: number[] = [];
    while (rewards.length < run.rewards.length) {
      const { testReward } = agent.iterate();
      if (testReward !== undefined) rewards.push(testReward);
    }
    expect(rewards).toEqual(run.rewards);
    const table = run.algorithm === 'value-iteration' ? agent.stateValues() : agent.actionValues();
    expect(Array.from(table.subarray(0, 256))).toEqual(run.table);
  });
});

describe('a run that was stopped and continued', () => {
  const makers = {
    'value-iteration': (seed: number) =>
      new ValueIterationAgent({ ...world('FrozenLake-v1', seed), config: sampledConfig }),
    'q-iteration': (seed: number) => new QIterationAgent({ ...world('FrozenLake-v1', seed), config: sampledConfig }),
    'q-learning': (seed: number) =>
      new QLearningAgent({
        ...world('Taxi-v4', seed, { is_rainy: true }),
        config: { ...learningConfig, behaviour: 'epsilon-greedy', testInterval: 7, testEpisodes: 2 },
      }),
  };
  it.each(Object.entries(makers))('is bit for bit one that never stopped: %s', (_name, maker) => {
    const whole = maker(3);
    for (let i = 0; i < 10; i++) whole.iterate();
    const snapshot: Snapshot = whole.saveState();
    const expected = Array.from({ length: 40 }, () => whole.iterate());
    // Another seed and some iterations of its own: all of that must be forgotten.
    const continued = maker(4);
    for (let i = 0; i < 3; i++) continued.iterate();
    continued.restoreState(snapshot);
    expect(Array.from({ length: 40 }, () => continued.iterate())).toEqual(expected);
    expect(continued.saveState()).toEqual(whole.saveState());
    expect(snapshot).not.toEqual(whole.saveState());
  });
});

describe('learning', () => {
  it.each([0, 1, 2])('value iteration and Q-iteration solve FrozenLake, seed %i', (seed) => {
    for (const Agent of [ValueIterationAgent, QIterationAgent]) {
      const report = solve(
        new Agent({ ...world('FrozenLake-v1', seed), config: sampledConfig }),
        sampledConfig.maxIterations,
      );
      expect(report.solved).toBe(true);
      expect(report.testReward).toBeGreaterThan(0.8);
    }
  });
  it('stops unsolved at the last iteration', () => {
    const seen: number[] = [];
    const agent = new QIterationAgent({ ...world('FrozenLake8x8-v1', 0), config: sampledConfig });
    const report = solve(agent, 3, ({ iteration }) => seen.push(iteration));
    expect(report.solved).toBe(false);
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe('TransitionTable', () => {
  it('counts outcomes, keeps the last reward, and grows', () => {
    const table = new TransitionTable(10, 2);
    for (let next = 0; next < 10; next++) table.record(3, 1, next, next, false);
    table.record(3, 1, 100, 9, false);
    table.record(3, 1, 7, 9, true);
    const values = Float64Array.from({ length: 10 }, (_, s) => s);
    // 12 seen: states 0 to 8 once each with reward = state, 9 twice with reward 100, and an end worth 7.
    const expected = (36 * (1 + 0.5) + 2 * (100 + 0.5 * 9) + 7) / 12;
    expect(sampledActionValue(table, values, 0.5, 3, 1)).toBeCloseTo(expected, 12);
    expect(sampledActionValue(table, values, 0.5, 3, 0)).toBe(0);
    const copy = new TransitionTable(10, 2);
    copy.restoreState(table.saveState());
    expect(sampledActionValue(copy, values, 0.5, 3, 1)).toBe(sampledActionValue(table, values, 0.5, 3, 1));
  });
});

describe('small parts', () => {
  it('breaks ties towards the lowest action', () => {
    const q = Float64Array.of(1, 3, 3, /**/ 0, 0, 0, /**/ -1, -2, -1);
    expect(bestAction(q, 3, 0)).toBe(1);
    expect(greedyActions(q, 3)).toEqual(Int32Array.of(1, 0, 0));
  });
  it('looks ahead unless the episode terminated', () => {
    const q = Float64Array.of(0, 0, 2, 10);
    expect(qLearningTarget(q, 2, 1, 1, false, 0.5)).toBe(6);
    expect(qLearningTarget(q, 2, 1, 1, true, 0.5)).toBe(1);
    blend(q, 2, 6, 0.25);
    expect(q[2]).toBe(3);
  });
  it('derives the seeds that NumPy does', () => {
    // numpy.random.SeedSequence(1).generate_state(4)
    expect(Object.values(deriveSeeds(1))).toEqual([1835504127, 1731038949, 1320224556, 2330041505]);
    expect(() => deriveSeeds(-1)).toThrow(OptionError);
  });
  it('refuses an environment without numbered states', () => {
    const env = make('CartPole-v1') as unknown as Env<number, number>;
    expect(() => new QLearningAgent({ env, testEnv: env, seed: 1, config: learningConfig })).toThrow(MismatchError);
  });
});

describe('configuration', () => {
  it('accepts whole configurations', () => {
    expect(parseSampledModelConfig({ ...sampledConfig })).toEqual(sampledConfig);
    expect(parseQLearningConfig({ ...learningConfig })).toEqual(learningConfig);
  });
  it.each([
    [{ gamma: 1.1 }, /gamma: got 1.1, allowed is a number from 0 to 1/],
    [{ alpha: 0 }, /alpha: got 0/],
    [{ testInterval: 0.5 }, /testInterval: got 0.5/],
    [{ testEpisodes: undefined }, /testEpisodes: got undefined/],
    [{ rewardBound: 'high' }, /rewardBound: got "high"/],
    [{ behaviour: 'greedy' }, /behaviour: got "greedy", allowed is random or epsilon-greedy/],
    [{ epsilonStart: 0.01 }, /epsilonFinal: got 0.05, allowed is at most epsilonStart/],
    [{ gama: 1 }, /configuration: got "gama", allowed is one of gamma, .*alpha/],
  ])('refuses %j', (change, message) => {
    expect(() => parseQLearningConfig({ ...learningConfig, ...change })).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { corridor, ModelEnv } from '../../test/support/model-env.ts';
import { agentIn, randomModel } from '../../test/support/online-agents.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { decodeTable } from '../storage/table-model.ts';
import { tabularAlgorithms } from '../tabular/algorithms.ts';
import type { IterationReport, TabularAgent } from '../tabular/tabular-agent.ts';
import { TabularTraining, type TabularTrainingOptions } from './tabular-training.ts';
import type { TrainingEnd } from './training.ts';

/** An agent that plays back means of tests; undefined is an iteration without one. Each iteration takes five steps. */
function scripted(tests: readonly (number | undefined)[], solvedAt = Infinity): TabularAgent {
  const progress: { iteration: number; bestReward: number | undefined } = { iteration: 0, bestReward: undefined };
  return {
    progress,
    nStates: 2,
    nActions: 3,
    iterate(): IterationReport {
      const testReward = tests[progress.iteration++];
      const previousBest = progress.bestReward;
      if (testReward !== undefined) progress.bestReward = Math.max(testReward, previousBest ?? testReward);
      const { iteration, bestReward } = progress;
      const trainingReward = iteration % 2 === 0 ? iteration / 4 : undefined;
      return {
        ...{ iteration, steps: 5 * iteration, episodes: 2 * iteration, testReward, trainingReward },
        ...{ previousBest, bestReward, testCut: testReward === -999, solved: iteration >= solvedAt },
      };
    },
    actionValues: () => Float64Array.of(0, 1, 2, 3, 4, 5),
    actionMasks: () => undefined,
    saveState: () => ({ ...progress }) as Snapshot,
    restoreState: (state: Snapshot) => void Object.assign(progress, state),
  } as unknown as TabularAgent;
}

const trainingOf = (agent: TabularAgent, options: Partial<TabularTrainingOptions> = {}) =>
  new TabularTraining({
    ...{
      agent,
      maxIterations: 100,
      rewardBound: 0.8,
      env: 'Corridor-v0',
      envOptions: { length: 3 },
      cells: null,
      actionBins: null,
    },
    ...options,
  });

/** What a training of so many iterations tells. */
function told(training: TabularTraining, iterations: number) {
  const rows: [number, Readonly<Record<string, number>>][] = [];
  const lines: string[] = [];
  const best: number[] = [];
  for (let i = 0; i < iterations; i++) {
    training.advance({
      scalars: (step, values) => void rows.push([step, values]),
      line: (text) => void lines.push(text),
      best: (score) => void best.push(score),
    });
  }
  return { rows, lines, best };
}

describe('what a tabular training tells', () => {
  it('logs each test: its mean, that of the training episodes if there were any, episodes and steps', () => {
    const { rows } = told(trainingOf(scripted([0.5, 0.25, undefined, undefined, 0.75])), 5);
    expect(rows).toStrictEqual([
      [1, { reward: 0.5, episodes: 2, env_steps: 5 }],
      [2, { reward: 0.25, training_reward: 0.5, episodes: 4, env_steps: 10 }],
      [5, { reward: 0.75, episodes: 10, env_steps: 25 }],
    ]);
  });

  it('logs epsilon of an agent that learns as it acts, and the steps that taught it alone', () => {
    const schedule = { epsilonStart: 1, epsilonFinal: 0.1, epsilonDecaySteps: 100, testInterval: 10 };
    const agent = agentIn(corridor([0, 1]), 'q-learning', schedule, 3, 9);
    const { rows } = told(trainingOf(agent), 20);
    expect(rows.map(([step]) => step)).toEqual([10, 20]);
    // The share of the next iteration's random actions; steps of tests teach nothing.
    expect(rows.map(([, { epsilon }]) => epsilon)).toEqual([1 - 11 / 100, 1 - 21 / 100]);
    expect(rows.map(([, { env_steps }]) => env_steps)).toEqual([10, 20]);
  });

  it('has the lines of the textbook for means that rise from 0', () => {
    const { lines, best } = told(trainingOf(scripted([0, 0.25, 0.25, 0.1, undefined, 0.5])), 6);
    expect(lines).toEqual(['2: Best reward updated 0.000 -> 0.250', '6: Best reward updated 0.250 -> 0.500']);
    // The first model is the best until there is a better one, though no line says so.
    expect(best).toEqual([0, 0.25, 0.5]);
  });

  it('has a first mean above 0 as a rise from 0', () => {
    const { lines, best } = told(trainingOf(scripted([0.25])), 1);
    expect(lines).toEqual(['1: Best reward updated 0.000 -> 0.250']);
    expect(best).toEqual([0.25]);
  });

  it('announces the first mean where returns are negative, then each rise', () => {
    const { lines, best } = told(trainingOf(scripted([-20, -30, -20, -12.5])), 4);
    expect(lines).toEqual(['1: Best reward -20.000', '4: Best reward updated -20.000 -> -12.500']);
    expect(best).toEqual([-20, -12.5]);
  });

  it('announces no reward of a test that was given up, nor a rise from one', () => {
    const training = trainingOf(scripted([-999, -20, -12.5]));
    const first = told(training, 1);
    expect(first).toMatchObject({ lines: ['1: no test has ended yet, given up after 10000 steps'], best: [-999] });
    expect(training.status()).toBe('no test has ended yet');
    const resumed = trainingOf(scripted([-999, -20, -12.5]));
    resumed.restoreState(training.saveState());
    for (const one of [training, resumed]) {
      expect(told(one, 2).lines).toEqual(['2: Best reward -20.000', '3: Best reward updated -20.000 -> -12.500']);
    }
  });

  it('announces nothing without a test', () => {
    expect(told(trainingOf(scripted([undefined, undefined])), 2)).toEqual({ rows: [], lines: [], best: [] });
  });

  it('trains for an observer that wants to know nothing', () => {
    const training = trainingOf(scripted([-1, 0, 1, undefined]));
    for (let i = 0; i < 4; i++) training.advance({});
    expect([training.step, training.status()]).toEqual([4, 'best reward 1.000']);
  });

  it('has no best reward before the first test', () => {
    expect(trainingOf(scripted([])).status()).toBe('best reward -');
  });
});

describe('the end of a tabular training', () => {
  const endAfter = (iterations: number, agent: TabularAgent, options: Partial<TabularTrainingOptions> = {}) => {
    const training = trainingOf(agent, options);
    for (let i = 0; i < iterations - 1; i++) {
      training.advance({});
      expect(training.end).toBeUndefined();
    }
    training.advance({});
    return training.end;
  };

  it.each<[string, TabularAgent, Partial<TabularTrainingOptions>, TrainingEnd]>([
    ['solved', scripted([1, 1, 1], 3), {}, { solved: true, message: 'Solved in 3 iterations!' }],
    [
      'solved at the limit',
      scripted([1, 1, 1], 3),
      { maxIterations: 3 },
      { solved: true, message: 'Solved in 3 iterations!' },
    ],
    [
      'at its limit',
      scripted([-1, 0.5, undefined]),
      { maxIterations: 3 },
      { solved: false, message: 'Not solved: 3 iterations (15 environment steps), best test reward 0.500.' },
    ],
    [
      'at its limit without a test',
      scripted([undefined, undefined, undefined]),
      { maxIterations: 3 },
      { solved: false, message: 'Not solved: 3 iterations (15 environment steps), best test reward -.' },
    ],
    [
      'at its limit without a bound',
      scripted([-1, 0.5, undefined]),
      { maxIterations: 3, rewardBound: null },
      { solved: undefined, message: 'Trained for 3 iterations (15 environment steps), best test reward 0.500.' },
    ],
  ])('%s', (_, agent, options, end) => {
    expect(endAfter(3, agent, options)).toEqual(end);
  });

  it('is taken back by reopen, kept by a saved state', () => {
    const training = trainingOf(scripted([0.5, 0.5]), { maxIterations: 1 });
    expect(training.maxSteps).toBe(1);
    training.advance({});
    const saved = JSON.parse(JSON.stringify(training.saveState())) as Snapshot;
    const { end } = training;
    training.reopen();
    expect(training.end).toBeUndefined();
    const restored = trainingOf(scripted([0.5, 0.5]), { maxIterations: 1 });
    restored.restoreState(saved);
    expect(restored.end).toEqual(end);
    expect([restored.step, restored.status()]).toEqual([1, 'best reward 0.500']);
  });
});

describe('a tabular training', () => {
  it('saved and restored goes on as one that did not stop', async () => {
    const make = () =>
      trainingOf(
        agentIn(randomModel(2, 5, 3), 'q-learning', { epsilonStart: 0.5, epsilonFinal: 0.5, testInterval: 7 }, 1, 20),
      );
    const [straight, resumed] = [make(), make()];
    for (let i = 0; i < 40; i++) straight.advance({});
    for (let i = 0; i < 3; i++) resumed.advance({});
    resumed.restoreState(structuredClone(straight.saveState()));
    expect(told(resumed, 30)).toEqual(told(straight, 30));
    expect(resumed.saveState()).toEqual(straight.saveState());
    expect(straight.agent.actionValues().some((value) => value !== 0)).toBe(true);
    await straight.close();
  });

  it('exports its table with what it is of', () => {
    const cells = { low: [0], high: [1], bins: [2] };
    const training = trainingOf(scripted([]), { cells, actionBins: 3 });
    const { fileName, content } = training.exportModel();
    expect(fileName).toBe('best-table.json');
    expect(decodeTable(content as string, fileName)).toEqual({
      ...{ format: 'bellman-table', env: 'Corridor-v0', envOptions: { length: 3 }, cells, actionBins: 3 },
      ...{ nStates: 2, nActions: 3, q: [0, 1, 2, 3, 4, 5], actionMasks: null },
    });
  });

  it('exports the masks that the agent saw', () => {
    const agent = scripted([]);
    agent.actionMasks = () => Int8Array.of(1, 0, 1, 1, 1, 1);
    const { content } = trainingOf(agent).exportModel();
    expect(decodeTable(content as string, '').actionMasks).toEqual([1, 0, 1, 1, 1, 1]);
  });

  it('counts all steps of an agent with a model, whose tests teach it', () => {
    const env = () => new ModelEnv(corridor([0, 1]));
    const config = {
      ...{
        gamma: 0.9,
        testEpisodes: 5,
        rewardBound: 0.8,
        maxIterations: 10,
        cells: null,
        actionBins: null,
        actionMasks: false,
      },
      stepsPerIteration: 100,
    };
    const agent = tabularAlgorithms['value-iteration'].create({ env: env(), testEnv: env(), config, seed: 1 });
    const { rows } = told(trainingOf(agent), 1);
    expect(rows[0][1]).not.toHaveProperty('epsilon');
    // A hundred at random, then five tests of two steps each.
    expect(rows[0][1]).toMatchObject({ reward: 1, env_steps: 110 });
  });
});

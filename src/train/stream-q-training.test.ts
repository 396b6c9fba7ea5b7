/** The loop of StreamQ(lambda), against a record of what its environment did; what it learns is held in src/agents. */
import { describe, expect, it } from 'vitest';
import { NotedWalk } from '../../test/support/noted-walk.ts';
import { WalkEnv } from '../../test/support/walk-env.ts';
import { parseStreamQConfig } from '../agents/stream-q-config.ts';
import type { StreamQLearner, StreamQStep } from '../agents/stream-q-learner.ts';
import type { Env } from '../core/env.ts';
import { Generator } from '../core/random/index.ts';
import { interpretGraphs } from '../graph/index.ts';
import { streamQCartPole } from '../recipes/stream-q.ts';
import { makeVec } from '../vector/index.ts';
import { createStreamQTraining, StreamQTraining } from './stream-q-training.ts';
import { checkTrainingEnv } from './training-env.ts';

const STEPS = 60;
const configure = (change: object = {}) =>
  parseStreamQConfig({
    ...streamQCartPole.config,
    ...{ network: { ...streamQCartPole.config.network, hiddenSizes: [6] }, sparsity: 0 },
    ...{ gamma: 0.7, epsilonStart: 1, epsilonFinal: 0, epsilonDecaySteps: 30, rewardBound: null, maxSteps: STEPS },
    ...change,
  });

/** Values are the observation itself, seen doubled; rewards are seen by a third. */
function noted(change: object = {}) {
  const walk = new NotedWalk();
  const env = makeVec(() => walk as Env, 1, { autoresetMode: 'same-step' });
  const config = configure(change);
  const learned: (StreamQStep & { readonly greedy: boolean })[] = [];
  const asked: number[][] = [];
  const ends: number[] = [];
  const learner = {
    ...{ loss: 0, meanQ: 0, learningRate: config.learningRate },
    see: (from: Float32Array, to: Float32Array) => to.set(from.map((x) => 2 * x)),
    scaled: (reward: number) => reward / 3,
    qValues: async (seen: Float32Array) => {
      asked.push([...seen]);
      return seen.slice();
    },
    learn: async (step: StreamQStep, greedy: boolean) =>
      void learned.push({ ...(structuredClone(step) as StreamQStep), greedy }),
    endEpisode: () => void ends.push(learned.length),
  };
  const spec = checkTrainingEnv(env, 1);
  const training = new StreamQTraining(
    { config, env, seed: 5, createRunner: interpretGraphs, now: () => 0 },
    { spec, learner: learner as unknown as StreamQLearner, coins: new Generator(8) },
  );
  return { walk, training, learner, learned, asked, ends };
}

const doubled = (values: readonly number[]) => [...Float32Array.from(values, (x) => 2 * x)];
const largest = (values: readonly number[]) => values.indexOf(Math.max(...values));

describe('StreamQ', () => {
  it('learns from each step as the environment made it, once, and ends each episode', async () => {
    const { walk, training, learned, asked, ends } = noted();
    const epsilons: number[] = [];
    while (training.end === undefined) {
      await training.advance({});
      epsilons.push(Number(/eps (\d\.\d\d)/.exec(training.status())?.[1]));
    }
    expect(training.step).toBe(STEPS);
    expect(learned.length).toBe(STEPS);
    walk.steps.slice(0, STEPS).forEach(({ from, action, reward, to, terminated }, t) => {
      const { observations, actions, rewards, discounts, nextObservations, greedy } = learned[t];
      expect(asked[t], `step ${t}`).toEqual(doubled(from));
      expect([...observations], `step ${t}`).toEqual(doubled(from));
      expect([...actions]).toEqual([action]);
      expect([...rewards]).toEqual([Math.fround(reward / 3)]);
      expect([...discounts]).toEqual([terminated ? 0 : Math.fround(0.7)]);
      expect([...nextObservations], `step ${t}`).toEqual(doubled(to));
      expect(greedy, `step ${t}`).toBe(action === largest(from));
    });
    expect(ends).toEqual(
      walk.steps.flatMap(({ terminated, truncated }, t) => (terminated || truncated ? [t + 1] : [])),
    );
    // Both kinds of end came, and both kinds of action; none was drawn once epsilon was 0.
    expect(walk.steps.some(({ terminated }) => terminated)).toBe(true);
    expect(walk.steps.some(({ terminated, truncated }) => truncated && !terminated)).toBe(true);
    expect(new Set(learned.slice(0, 20).map(({ greedy }) => greedy)).size).toBe(2);
    expect(learned.slice(30).every(({ greedy }) => greedy)).toBe(true);
    // From 1 at the first step to 0 at the thirtieth.
    expect([epsilons[0], epsilons[14], epsilons[29], epsilons[59]]).toEqual([0.97, 0.5, 0, 0]);
  });

  it('learns from signs where rewards are clipped', async () => {
    const { walk, training, learned } = noted({ clipReward: true });
    for (let t = 0; t < 20; t++) await training.advance({});
    const signs = walk.steps.slice(0, 20).map(({ reward }) => Math.fround(Math.sign(reward) / 3));
    expect(learned.map(({ rewards }) => rewards[0])).toEqual(signs);
  });

  it('hands a changed rate to its learner', async () => {
    const { training, learner } = noted();
    training.change({ learningRate: 0.25 });
    expect(learner.learningRate).toBe(0.25);
    expect(training.changeable).toEqual([
      ...['learningRate', 'epsilonStart', 'epsilonFinal', 'epsilonDecaySteps', 'clipReward', 'rewardBound', 'maxSteps'],
    ]);
  });

  it.each([true, false])('comes to the same state when saved and restored, standardised: %s', async (standardise) => {
    const create = () =>
      createStreamQTraining({
        config: configure({ standardizeObservations: standardise }),
        env: makeVec(() => new WalkEnv() as Env, 1, { autoresetMode: 'same-step' }),
        ...{ seed: 2, createRunner: interpretGraphs, now: () => 0 },
      });
    const straight = await create();
    const start = straight.saveState();
    for (let t = 0; t < 17; t++) await straight.advance({});
    const half = structuredClone(straight.saveState());
    for (let t = 0; t < 17; t++) await straight.advance({});
    const resumed = await create();
    expect(resumed.saveState()).toEqual(start);
    resumed.restoreState(half);
    expect(resumed.saveState()).toEqual(half);
    for (let t = 0; t < 17; t++) await resumed.advance({});
    expect(resumed.saveState()).toEqual(straight.saveState());
    expect(half).not.toEqual(start);
    // What is exported is what it has learned, in the form of a model.
    const { fileName, content } = straight.exportModel();
    expect(fileName).toBe('best.onnx');
    expect(content).toEqual(resumed.exportModel().content);
    expect(content).not.toEqual((await create()).exportModel().content);
  });
});

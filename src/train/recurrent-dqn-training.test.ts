/** The loop of DQN with a recurrent network, against a record of what its environments did. */
import { describe, expect, it } from 'vitest';
import { NotedWalk } from '../../test/support/noted-walk.ts';
import { WalkEnv } from '../../test/support/walk-env.ts';
import { parseDqnConfig } from '../agents/dqn-config.ts';
import type { Env } from '../core/env.ts';
import { RUNNING, TERMINATED, TRUNCATED } from '../core/episode-end.ts';
import { Generator } from '../core/random/index.ts';
import { interpretGraphs } from '../graph/index.ts';
import { dqnCartPole } from '../recipes/dqn-cart-pole.ts';
import { makeVec } from '../vector/index.ts';
import { createRecurrentDqnTraining, RecurrentDqnTraining } from './recurrent-dqn-training.ts';
import { checkTrainingEnv } from './training-env.ts';
import { UpdateSchedule } from './update-schedule.ts';

const ENVIRONMENTS = 2;
const STEPS = 80;
const sequences = { kind: 'sequences', length: 4, burnIn: 2, overlap: 2, initialState: 'stored' } as const;
const configure = (change: object = {}) =>
  parseDqnConfig({
    ...dqnCartPole.config,
    network: { ...dqnCartPole.config.network, hiddenSizes: [6], dueling: false, lstm: { units: 4 } },
    ...{ replay: sequences, environments: ENVIRONMENTS, nStep: 1, batchSize: 2, bufferSize: 60, learningStarts: 14 },
    ...{ trainInterval: 6, gradientSteps: 2, targetUpdateInterval: 10, targetUpdateRate: 1 },
    ...{ learningRate: 0.1, learningRateFinal: 0.02, learningRateDecaySteps: 40, gamma: 0.7 },
    ...{ epsilonStart: 1, epsilonFinal: 0, epsilonDecaySteps: 40, rewardBound: null, maxSteps: STEPS },
    ...change,
  });

/** Parts that note what they are asked; values are the observations themselves. */
function noted(change: object = {}) {
  const walks = Array.from({ length: ENVIRONMENTS }, () => new NotedWalk());
  let made = 0;
  const env = makeVec(() => walks[made++] as Env, ENVIRONMENTS, { autoresetMode: 'same-step' });
  const config = configure(change);
  const calls: string[] = [];
  const seen: number[][] = [];
  const added: { actions: number[]; rewards: number[]; ends: number[] }[] = [];
  const followed: number[][] = [];
  const rates: number[] = [];
  const state = Float32Array.of(1, 2);
  const learner = {
    ...{ loss: 0, meanQ: 0, optimizer: { learningRate: 0 } },
    acting: {
      state,
      of: async (observations: Float32Array) => {
        calls.push('of');
        return observations.slice();
      },
      follow: (ends: Uint8Array) => void followed.push([...ends]),
    },
    syncTarget: (rate: number) => void calls.push(`sync ${rate}`),
    learn: async (batch: unknown) => {
      calls.push(`learn ${batch}`);
      rates.push(learner.optimizer.learningRate);
    },
  };
  const replay = {
    ...{ size: 0, capacity: 60 },
    addObservations: (observations: Float32Array, given: Float32Array) => {
      expect(given).toBe(state);
      seen.push([...observations]);
    },
    addStep: (actions: Int32Array, rewards: Float64Array, ends: Uint8Array) => {
      added.push({ actions: [...actions], rewards: [...rewards], ends: [...ends] });
      replay.size += ENVIRONMENTS;
    },
    sample: (_: Generator, batch: unknown) => void calls.push(`sample ${batch}`),
  };
  const [coins, dice, sampling] = new Generator(4).spawn(3);
  const parts = {
    learner,
    replay,
    batch: 'b',
    schedule: new UpdateSchedule(config),
    generators: { coins, dice, sampling },
  };
  const training = new RecurrentDqnTraining(
    { config, env, seed: 5, createRunner: interpretGraphs, now: () => 0 },
    parts as unknown as ConstructorParameters<typeof RecurrentDqnTraining>[1],
    checkTrainingEnv(env, ENVIRONMENTS),
  );
  return { walks, training, calls, seen, added, followed, rates };
}

const largest = (values: readonly number[]) => values.indexOf(Math.max(...values));

describe('recurrent DQN', () => {
  it('stores each step as the environments made it, and has the network follow the ends', async () => {
    const { walks, training, seen, added, followed } = noted();
    while (training.end === undefined) await training.advance({});
    expect(training.step).toBe(STEPS);
    const greedy: boolean[] = [];
    for (let t = 0; t < STEPS / ENVIRONMENTS; t++) {
      const steps = walks.map((walk) => walk.steps[t]);
      const ends = steps.map(({ terminated, truncated }) =>
        terminated ? TERMINATED : truncated ? TRUNCATED : RUNNING,
      );
      expect(seen[t], `step ${t}`).toEqual(steps.flatMap(({ from }) => from));
      expect(added[t], `step ${t}`).toEqual({
        actions: steps.map(({ action }) => action),
        rewards: steps.map(({ reward }) => reward),
        ends,
      });
      expect(followed[t]).toEqual(ends);
      greedy.push(...steps.map(({ from, action }) => action === largest(from)));
    }
    expect(new Set(followed.flat()).size).toBe(3);
    expect(greedy.slice(0, 40)).toContain(false);
    expect(greedy.slice(40)).not.toContain(false);
    expect(training.stored).toEqual({ size: STEPS, capacity: 60 });
  });

  it('takes truncations for ends, and signs for rewards, where the configuration says so', async () => {
    const { walks, training, added, followed } = noted({ truncatedAsTerminal: true, clipReward: true });
    while (training.step < 60) await training.advance({});
    const steps = added.map((_, t) => walks.map((walk) => walk.steps[t]));
    const ends = steps.map((row) => row.map((step) => (step.terminated || step.truncated ? TERMINATED : RUNNING)));
    expect(added.map((row) => row.ends)).toEqual(ends);
    expect(followed).toEqual(ends);
    expect(added.map((row) => row.rewards)).toEqual(steps.map((row) => row.map(({ reward }) => Math.sign(reward))));
  });

  it('learns and syncs when it is due, from the step on at which learning starts, and not after its end', async () => {
    const { training, calls, rates } = noted({ targetUpdateRate: 0.5 });
    const at: [step: number, ...what: string[]][] = [];
    while (training.end === undefined) {
      calls.length = 0;
      await training.advance({});
      const [first, ...more] = calls;
      expect(first).toBe('of');
      if (more.length > 0) at.push([training.step, ...more]);
    }
    const update = ['sample b', 'learn b'];
    const both = [...update, ...update];
    const expected: [step: number, ...what: string[]][] = [];
    for (let step = 14; step < STEPS; step += ENVIRONMENTS) {
      const what = [...(step % 10 === 0 ? ['sync 0.5'] : []), ...(step % 6 === 0 ? both : [])];
      if (what.length > 0) expected.push([step, ...what]);
    }
    expect(at).toEqual(expected);
    // From 0.1 down to 0.02 at step 40; two updates each time.
    const rateAt = (step: number) => 0.1 + (0.02 - 0.1) * Math.min(1, step / 40);
    const steps = expected.flatMap(([step, ...what]) => (what.includes('learn b') ? [step, step] : []));
    expect(rates).toHaveLength(steps.length);
    rates.forEach((rate, i) => void expect(rate).toBeCloseTo(rateAt(steps[i]), 10));
  });

  it('can be changed in what it reads anew', () => {
    const { training } = noted();
    expect(training.changeable).toContain('learningRate');
    expect(training.changeable).toContain('targetUpdateRate');
  });

  const create = (change: object = {}) =>
    createRecurrentDqnTraining({
      config: configure(change),
      env: makeVec(() => new WalkEnv() as Env, ENVIRONMENTS, { autoresetMode: 'same-step' }),
      ...{ seed: 2, createRunner: interpretGraphs, now: () => 0 },
    });

  it('comes to the same state when saved and restored', async () => {
    const straight = await create();
    const start = structuredClone(straight.saveState());
    const advance = async (training: RecurrentDqnTraining, step: number) => {
      while (training.step < step) await training.advance({});
    };
    await advance(straight, 26);
    const half = structuredClone(straight.saveState());
    await advance(straight, 50);
    const resumed = await create();
    expect(resumed.saveState()).toEqual(start);
    resumed.restoreState(half);
    expect(resumed.saveState()).toEqual(half);
    await advance(resumed, 50);
    expect(resumed.saveState()).toEqual(straight.saveState());
    expect(half).not.toEqual(start);
    expect(straight.stored).toEqual({ size: expect.any(Number), capacity: 60 });
  });

  it('needs a recurrent network, and sequences', async () => {
    const { network } = dqnCartPole.config;
    const without = 'DQN learns from sequences (replay.kind=sequences) with a recurrent network (network.lstm).';
    const plain = parseDqnConfig({
      ...configure(),
      replay: dqnCartPole.config.replay,
      network: { ...network, hiddenSizes: [6] },
    });
    await expect(
      createRecurrentDqnTraining({
        config: plain,
        env: makeVec(() => new WalkEnv() as Env, ENVIRONMENTS, { autoresetMode: 'same-step' }),
        ...{ seed: 2, createRunner: interpretGraphs },
      }),
    ).rejects.toThrow(without);
  });
});

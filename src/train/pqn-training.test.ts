/** PQN apart from what it learns, which examples/twins.test.ts and action-masks.test.ts hold against other loops. */
import { describe, expect, it } from 'vitest';
import { BYTE_NETWORK, ByteWalk } from '../../test/support/byte-walk.ts';
import { WalkEnv } from '../../test/support/walk-env.ts';
import { type PqnConfig, parsePqnConfig } from '../agents/pqn-config.ts';
import type { Env } from '../core/env.ts';
import { interpretGraphs, readOnnx } from '../graph/index.ts';
import { pqnCartPole } from '../recipes/pqn.ts';
import { makeVec } from '../vector/index.ts';
import { createPqnTraining } from './pqn-training.ts';
import type { StepReport, UpdateReport } from './training.ts';

const base = {
  ...pqnCartPole.config,
  ...{ network: { ...pqnCartPole.config.network, hiddenSizes: [8] }, environments: 4, rolloutSteps: 8 },
  ...{ minibatches: 4, epochs: 2, learningRate: 1e-2, learningRateFinal: 1e-3, learningRateDecaySteps: 100 },
  ...{ gradientClipNorm: 0, averageDecay: 0, epsilonDecaySteps: 100, epsilonFinal: 0.1, rewardBound: null },
  maxSteps: 10_000,
};
type Change = Partial<Record<keyof PqnConfig, unknown>>;
type SavedRollout = { readonly rollout: Readonly<Record<string, ArrayLike<number>>> };
const bytes: Change = { network: { kind: BYTE_NETWORK, hidden: 8 } };

function create(change: Change = {}, make: () => unknown = () => new WalkEnv(), more: object = {}) {
  const config = parsePqnConfig({ ...base, ...change });
  const env = makeVec(make as () => Env, config.environments, { autoresetMode: 'same-step' });
  return createPqnTraining({ config, env, seed: 3, createRunner: interpretGraphs, now: () => 0, ...more });
}

describe('rounds of learning of a PQN training', () => {
  it('follow each rollout: updates for all minibatches of all epochs, at the learning rate of the step', async () => {
    const training = await create();
    const updates: { step: number; rate: number }[] = [];
    while (training.step < 110) {
      await training.advance({
        update: ({ step }: UpdateReport) => {
          expect(step).toBe(training.step);
          updates.push({ step, rate: training.learner.optimizer.learningRate });
        },
      });
    }
    expect(updates.map(({ step }) => step)).toEqual([32, 64, 96].flatMap((step) => new Array<number>(8).fill(step)));
    for (const { step, rate } of updates) expect(rate).toBeCloseTo(1e-2 - 9e-3 * (step / 100), 12);
  });

  it('take each step of the rollout once in an epoch', async () => {
    const training = await create();
    const { learner } = training;
    const seen: string[][] = [];
    const rollout: string[] = [];
    const learn = learner.learn.bind(learner);
    learner.learn = async (batch) => {
      const rows = Array.from(batch.actions, (action, i) =>
        [action, ...batch.observations.subarray(3 * i, 3 * i + 3)].join(),
      );
      seen.push(rows);
      await learn(batch);
    };
    for (let i = 0; i < 8; i++) {
      const before = (training as unknown as { observations: Float32Array }).observations.slice();
      await training.advance({
        step: ({ actions }: StepReport) => {
          actions.forEach((action, n) => void rollout.push([action, ...before.subarray(3 * n, 3 * n + 3)].join()));
        },
      });
    }
    expect(seen.map((rows) => rows.length)).toEqual(new Array(8).fill(8));
    expect(seen.slice(0, 4).flat().toSorted()).toEqual(rollout.toSorted());
    expect(seen.slice(4).flat().toSorted()).toEqual(rollout.toSorted());
    // In another order each time.
    expect(seen.slice(4)).not.toEqual(seen.slice(0, 4));
    expect(seen.slice(0, 4).flat()).not.toEqual(rollout);
  });

  it('explore less with each step, counted from 1', async () => {
    const training = await create();
    const seen: number[] = [];
    while (training.step < 200) await training.advance({ step: ({ epsilon }: StepReport) => void seen.push(epsilon) });
    seen.forEach((epsilon, i) => {
      expect(epsilon).toBeCloseTo(Math.max(0.1, 1 - (4 * i + 1) / 100), 12);
    });
  });
});

describe('a recurrent PQN training', () => {
  const lstm = { units: 3 };
  const recurrent: Change = { network: { ...base.network, lstm }, minibatches: 2, epochs: 1 };

  it('learns from whole sequences of environments, with what was remembered before them and where episodes begin', async () => {
    const training = await create(recurrent);
    const { learner } = training;
    /** By the first observation: what the sequence of an environment should be. */
    const wanted: { observations: number[]; state: number[]; starts: number[] }[] = [];
    const seen: typeof wanted = [];
    const learn = learner.learn.bind(learner);
    learner.learn = async (batch) => {
      for (let row = 0; row < 2; row++) {
        seen.push({
          observations: [...batch.observations.subarray(row * 24, (row + 1) * 24)],
          state: [...batch.state!.subarray(row * 6, (row + 1) * 6)],
          starts: [...batch.starts!.subarray(row * 8, (row + 1) * 8)],
        });
      }
      await learn(batch);
    };
    for (let round = 0; round < 3; round++) {
      const remembered = learner.remembered!.slice();
      const sequences = Array.from({ length: 4 }, (_, n) => ({
        observations: [] as number[],
        state: [...remembered.subarray(n * 6, (n + 1) * 6)],
        starts: [] as number[],
      }));
      let ended = new Uint8Array(4);
      for (let t = 0; t < 8; t++) {
        const before = (training as unknown as { observations: Float32Array }).observations.slice();
        sequences.forEach(({ observations, starts }, n) => {
          observations.push(...before.subarray(3 * n, 3 * n + 3));
          starts.push(t === 0 ? 0 : ended[n]);
        });
        await training.advance({
          step: ({ result: { terminations, truncations } }: StepReport) => {
            ended = terminations.map((terminated, n) => terminated | truncations[n]);
          },
        });
        ended.forEach((end, n) => {
          const own = learner.remembered!.subarray(n * 6, (n + 1) * 6);
          expect(own.every((value) => value === 0)).toBe(end === 1);
        });
      }
      wanted.push(...sequences);
    }
    const text = (list: typeof wanted) => list.map((sequence) => JSON.stringify(sequence)).toSorted();
    expect(text(seen)).toEqual(text(wanted));
    expect(wanted.flatMap(({ starts }) => starts)).toContain(1);
  });

  it('needs minibatches of whole environments', () => {
    expect(() => create({ ...recurrent, minibatches: 8 })).toThrow(
      'minibatches: got 8, allowed is a divisor of environments (4)',
    );
  });
});

describe('a PQN training', () => {
  it('learns from bytes as from the same numbers in floats', async () => {
    const weights = async (dtype: 'uint8' | 'float32') => {
      const training = await create(bytes, () => new ByteWalk(dtype));
      while (training.step < 128) await training.advance({});
      return training.learner.online.checksum();
    };
    expect(await weights('uint8')).toBe(await weights('float32'));
  });

  it.each<[string, Change, (() => unknown)?]>([
    ['vectors', {}],
    ['bytes', bytes, () => new ByteWalk()],
    ['a mean of weights', { averageDecay: 0.9 }],
  ])('saved within a rollout and restored, goes on bit for bit: %s', async (_, change, make) => {
    const straight = await create(change, make);
    while (straight.step < 52) await straight.advance({});
    const saved = structuredClone(straight.saveState()) as unknown as SavedRollout;
    // Five steps of four environments; nothing of older rollouts.
    expect(Object.fromEntries(Object.entries(saved.rollout).map(([name, { length }]) => [name, length]))).toEqual({
      ...{ observations: 60, actions: 20, rewards: 20, ends: 20, nextValues: 20 },
    });
    const resumed = await create(change, make, { seed: 77 });
    while (resumed.step < 44) await resumed.advance({});
    resumed.restoreState(saved as never);
    expect(resumed.saveState()).toEqual(saved);
    for (const training of [straight, resumed]) while (training.step < 100) await training.advance({});
    expect(resumed.saveState()).toEqual(straight.saveState());
    expect(straight.saveState()).not.toEqual(saved);
  });

  it('exports its weights as they are, or their mean over the updates', async () => {
    for (const averageDecay of [0, 0.9]) {
      const training = await create({ averageDecay });
      const { online } = training.learner;
      const mean = new Float64Array(online.size);
      let share = 0;
      while (training.step < 70) {
        await training.advance({
          update: () => {
            online.buffer.forEach((weight, i) => {
              mean[i] = averageDecay * mean[i] + (1 - averageDecay) * weight;
            });
            share = averageDecay * share + 1 - averageDecay;
          },
        });
      }
      const { initializers } = readOnnx(training.exportModel().content as Uint8Array);
      let at = 0;
      for (const { name, data } of online) {
        initializers[name].data.forEach((weight, i) => {
          expect(weight).toBeCloseTo(mean[at + i] / share, 6);
        });
        at += data.length;
      }
      expect(at).toBe(online.size);
    }
  });

  it('does not begin a rollout that does not fit in memory', async () => {
    const refusal = 'rolloutSteps: got 8, allowed is at most 7 with 4 environments in 3.83e-7 GB of memory.';
    // 32 observations of three numbers: of four bytes each, or of one.
    await expect(create({}, undefined, { memoryLimit: 383 })).rejects.toThrow(refusal);
    await expect(create({}, undefined, { memoryLimit: 384 })).resolves.toBeDefined();
    await expect(create(bytes, () => new ByteWalk(), { memoryLimit: 48 })).rejects.toThrow('at most 4 with 4');
    await expect(create(bytes, () => new ByteWalk(), { memoryLimit: 96 })).resolves.toBeDefined();
  });
});

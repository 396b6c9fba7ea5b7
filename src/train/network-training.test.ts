import { describe, expect, it } from 'vitest';
import { WalkEnv } from '../../test/support/walk-env.ts';
import { parseDqnConfig } from '../agents/dqn-config.ts';
import type { Env, ResetResult, StepResult } from '../core/env.ts';
import { interpretGraphs, readOnnx } from '../graph/index.ts';
import { dqnCartPole } from '../recipes/dqn-cart-pole.ts';
import { readModelMetadata } from '../storage/q-model.ts';
import { makeVec } from '../vector/index.ts';
import { createDqnTraining } from './create-dqn-training.ts';
import type { DqnTrainingOptions } from './dqn-training.ts';
import { clippedRewards } from './network-training.ts';

const config = parseDqnConfig({
  ...dqnCartPole.config,
  ...{ network: { ...dqnCartPole.config.network, hiddenSizes: [8] }, nStep: 1, batchSize: 8, bufferSize: 60 },
  ...{ learningStarts: 20, rewardBound: null, maxSteps: 40, environments: 2 },
});
const create = (options: Partial<DqnTrainingOptions> = {}, make: () => Env = () => new WalkEnv() as Env) =>
  createDqnTraining({
    ...{ config, env: makeVec(make, 2, { autoresetMode: 'same-step' }), seed: 3, createRunner: interpretGraphs },
    ...{ now: () => 0 },
    ...options,
  });

describe('a training of a network', () => {
  it('exports its weights with what they are for', async () => {
    const training = await create({ envId: 'Walk-v0', envKwargs: { length: 6 } });
    while (training.step < 30) await training.advance({});
    const { fileName, content } = training.exportModel();
    expect(fileName).toBe('best.onnx');
    const model = readOnnx(content as Uint8Array);
    expect(readModelMetadata(model, fileName)).toEqual({
      ...{ env: 'Walk-v0', envKwargs: { length: 6 }, view: config.preprocessing, actionMasks: false, actions: 3 },
    });
    // Two streams of two layers, weight and bias each.
    const weights = [...training.learner.online];
    expect(weights).toHaveLength(4 * (config.network.kind === 'mlp' && config.network.dueling ? 2 : 1));
    for (const { name, data } of weights) expect([...model.initializers[name].data]).toEqual([...data]);
  });

  it('exports a model of no environment where none is named', async () => {
    const { content } = (await create()).exportModel();
    expect(readModelMetadata(readOnnx(content as Uint8Array), '')).toMatchObject({ env: '', envKwargs: {} });
  });

  it('has the step, limit, status and end of its progress', async () => {
    const training = await create();
    expect([training.step, training.maxSteps, training.status()]).toEqual([0, 40, '0 games, eps 1.00']);
    while (training.end === undefined) await training.advance({});
    expect(training.step).toBe(40);
    expect(training.end).toEqual({ solved: undefined, message: 'Trained for 40 frames.' });
    expect(training.status()).toMatch(/^\d+ games, reward -?\d+\.\d\d, eps 1\.00$/);
    training.reopen();
    expect(training.end).toBeUndefined();
  });

  it('logs what there is when it stops within its first game', async () => {
    const training = await create();
    await training.advance({});
    const rows: unknown[] = [];
    training.reportUnfinished({ scalars: (...row) => void rows.push(row) });
    expect(rows).toEqual([[2, { epsilon: 1 - 1 / 8000 }]]);
  });

  it('closes its environments and what it learns with', async () => {
    const closed: string[] = [];
    class Closing extends WalkEnv {
      override close(): void {
        closed.push('environment');
      }
    }
    const training = await create({}, () => new Closing() as Env);
    const { learner } = training;
    const close = learner.close.bind(learner);
    learner.close = async () => {
      await close();
      closed.push('learner');
    };
    await training.close();
    expect(closed).toEqual(['learner', 'environment', 'environment']);
  });

  it('resets its environments with the seed', async () => {
    const seeds: (number | undefined)[] = [];
    class Seeded extends WalkEnv {
      override reset(options?: { seed?: number }): ResetResult<Float32Array> {
        seeds.push(options?.seed);
        return super.reset(options);
      }
    }
    await create({ seed: 8 }, () => new Seeded() as Env);
    expect(seeds).toEqual([8, 9]);
  });

  it('learns from no number that is none', async () => {
    class Lost extends WalkEnv {
      override reset(): ResetResult<Float32Array> {
        return { observation: Float32Array.of(0, Number.NaN, 0), info: {} };
      }
    }
    let count = 0;
    const second = () => (count++ === 1 ? new Lost() : new WalkEnv()) as Env;
    await expect(create({}, second)).rejects.toThrow(
      'Diverged at step 0: environment 1 gave an observation with NaN at 1. Mend the environment;',
    );
    class Rich extends WalkEnv {
      override step(action: number): StepResult<Float32Array> {
        return { ...super.step(action), reward: Infinity };
      }
    }
    const training = await create({}, () => new Rich() as Env);
    await expect(training.advance({})).rejects.toThrow('Diverged at step 2: environment 0 gave the reward Infinity.');
  });
});

describe('clippedRewards', () => {
  const rewards = Float64Array.of(3, -0.5, 0, -7, 0.1);
  it('are signs where they are clipped', () => {
    const signs = new Float64Array(5).fill(9);
    expect(clippedRewards(true, rewards, signs)).toBe(signs);
    expect(signs).toEqual(Float64Array.of(1, -1, 0, -1, 1));
    expect(rewards).toEqual(Float64Array.of(3, -0.5, 0, -7, 0.1));
  });
  it('are the rewards themselves where they are not', () => {
    const signs = new Float64Array(5).fill(9);
    expect(clippedRewards(false, rewards, signs)).toBe(rewards);
    expect(signs).toEqual(new Float64Array(5).fill(9));
  });
});

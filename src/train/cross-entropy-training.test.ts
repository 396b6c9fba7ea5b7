import { describe, expect, it } from 'vitest';
import type { CrossEntropyConfig } from '../agents/cross-entropy-config.ts';
import type { Env } from '../core/env.ts';
import { make } from '../envs/index.ts';
import { ortRunnerFactory } from '../node/onnxruntime/ort-runner-factory.ts';
import { crossEntropyCartPole } from '../recipes/cross-entropy.ts';
import { createCrossEntropyTraining } from './cross-entropy-training.ts';
import { makeTrainingEnv } from './training-env.ts';

const created = (changes: Partial<CrossEntropyConfig> = {}, seed = 1) => {
  const config = { ...crossEntropyCartPole.config, ...changes };
  const env = makeTrainingEnv(() => make('CartPole-v1') as unknown as Env<unknown, number>, config.preprocessing, 1);
  const createRunner = ortRunnerFactory('cpu', 1);
  return createCrossEntropyTraining({ config, envId: 'CartPole-v1', env, seed, createRunner, now: () => 0 });
};

describe('the cross-entropy method', () => {
  it('balances the pole five times as long as a random player, whose mean is 22', { timeout: 60_000 }, async () => {
    const training = await created({ rewardBound: 110, maxSteps: 60_000 });
    while (training.end === undefined) await training.advance({});
    expect(training.end).toMatchObject({ solved: true });
    await training.close();
  });

  it('learns once in a batch of episodes, from the best of them alone', async () => {
    const training = await created({ batchEpisodes: 4, elitePercentile: 100, batchSize: 64 });
    const played: number[] = [];
    const updates: { step: number; loss: number; episodes: number }[] = [];
    const observer = {
      episode: ({ reward }: { readonly reward: number }) => played.push(reward),
      update: ({ step, loss }: { readonly step: number; readonly loss: number }) =>
        updates.push({ step, loss, episodes: played.length }),
    };
    while (updates.length < 3) await training.advance(observer);
    expect(updates.map(({ episodes }) => episodes)).toEqual([4, 8, 12]);
    // Two actions whose scores begin near each other: a loss near ln 2.
    expect(updates[0].loss).toBeCloseTo(Math.LN2, 1);
    await training.close();
  });

  it('saved in the middle of a batch and restored, it has the bits of one that went on', {
    timeout: 60_000,
  }, async () => {
    const straight = await created();
    while (straight.step < 333) await straight.advance({});
    const saved = structuredClone(straight.saveState());
    const resumed = await created({}, 99);
    resumed.restoreState(saved);
    for (const training of [straight, resumed]) while (training.step < 1200) await training.advance({});
    expect(resumed.learner.online.buffer).toEqual(straight.learner.online.buffer);
    expect(resumed.saveState()).toEqual(straight.saveState());
    // Something was learned in between.
    expect(straight.learner.loss).toBeLessThan(1);
    await Promise.all([straight.close(), resumed.close()]);
  });
});

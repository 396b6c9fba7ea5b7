import { expect, it } from 'vitest';
import type { Env } from '../core/env.ts';
import { make } from '../envs/index.ts';
import { ortRunnerFactory } from '../node/onnxruntime/ort-runner-factory.ts';
import { crossEntropyCartPole } from '../recipes/cross-entropy.ts';
import { createCrossEntropyTraining } from './cross-entropy-training.ts';
import { makeTrainingEnv } from './training-env.ts';

it('the cross-entropy method balances the pole five times as long as a random player, whose mean is 22', async () => {
  const config = { ...crossEntropyCartPole.config, rewardBound: 110, maxSteps: 60_000 };
  const env = makeTrainingEnv(() => make('CartPole-v1') as unknown as Env<unknown, number>, config.preprocessing, 1);
  const training = await createCrossEntropyTraining({
    ...{ config, envId: 'CartPole-v1', env, seed: 1, createRunner: ortRunnerFactory('cpu', 1), now: () => 0 },
  });
  while (training.end === undefined) await training.advance({});
  expect(training.end).toMatchObject({ solved: true });
  await training.close();
});

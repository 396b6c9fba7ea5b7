/** CartPole is solved on the kernels of graphs, without onnxruntime: as a page does it. */
import { expect, it } from 'vitest';
import type { Env } from '../../src/core/env.ts';
import { CartPoleEnv } from '../../src/envs/index.ts';
import { compileGraphs } from '../../src/graph/index.ts';
import { make } from '../../src/index.ts';
import { pqnCartPole } from '../../src/recipes/pqn.ts';
import { streamQCartPole } from '../../src/recipes/stream-q.ts';
import { createPqnTraining, createStreamQTraining, makeTrainingEnv } from '../../src/train/index.ts';

it('PQN reaches the bound of CartPole-v1', async () => {
  const { config } = pqnCartPole;
  const env = makeTrainingEnv(() => new CartPoleEnv(), config.preprocessing, config.environments);
  const training = await createPqnTraining({ config, envId: 'CartPole-v1', env, createRunner: compileGraphs, seed: 1 });
  while (training.end === undefined) await training.advance({});
  expect(training.end).toMatchObject({ solved: true });
  await training.close();
});

it('StreamQ(lambda) reaches a mean of 195, a step at a time', async () => {
  // With its time limit: one environment that never falls would end no episode.
  const cartPole = () => make('CartPole-v1') as unknown as Env<unknown, number>;
  const config = { ...streamQCartPole.config, rewardBound: 195, maxSteps: 40_000 };
  const env = makeTrainingEnv(cartPole, config.preprocessing, 1);
  const training = await createStreamQTraining({ config, env, createRunner: compileGraphs, seed: 0 });
  while (training.end === undefined) await training.advance({});
  expect(training.end).toMatchObject({ solved: true });
  await training.close();
});

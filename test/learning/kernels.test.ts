/** CartPole is solved on the kernels of graphs, without onnxruntime: as a page does it. */
import { expect, it } from 'vitest';
import { CartPoleEnv } from '../../src/envs/index.ts';
import { compileGraphs } from '../../src/graph/index.ts';
import { pqnCartPole } from '../../src/recipes/pqn.ts';
import { createPqnTraining, makeTrainingEnv } from '../../src/train/index.ts';

it('PQN reaches the bound of CartPole-v1', { timeout: 180_000 }, async () => {
  const { config } = pqnCartPole;
  const env = makeTrainingEnv(() => new CartPoleEnv(), config.preprocessing, config.environments);
  const training = await createPqnTraining({ config, envId: 'CartPole-v1', env, createRunner: compileGraphs, seed: 1 });
  while (training.end === undefined) await training.advance({});
  expect(training.end).toMatchObject({ solved: true });
  await training.close();
});

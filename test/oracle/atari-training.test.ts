/** Trainings take ale-py's vector of games as they take any other. */
import { beforeAll, expect, it } from 'vitest';
import { AtariVectorEnv } from '../../src/atari/index.ts';
import { ortRunnerFactory } from '../../src/node/onnxruntime/ort-runner-factory.ts';
import { changed } from '../../src/recipes/change.ts';
import { pqnPong } from '../../src/recipes/pqn.ts';
import { createPqnTraining } from '../../src/train/index.ts';
import { useAleCartridges } from '../support/ale-cartridges.ts';

beforeAll(useAleCartridges);

const config = changed(pqnPong.config, { rolloutSteps: 4, minibatches: 2, epochs: 1 });

const create = () =>
  createPqnTraining({
    config,
    env: new AtariVectorEnv({
      ...{
        game: 'pong',
        numEnvs: config.environments,
        autoresetMode: 'same-step',
        imgHeight: 42,
        imgWidth: 42,
        noopMax: 0,
      },
    }),
    seed: 1,
    createRunner: ortRunnerFactory('cpu', 1),
  });

it('PQN learns from 32 Pongs in one vector, and goes on bit for bit', { timeout: 120_000 }, async () => {
  const losses: number[] = [];
  const rewards = new Set<number>();
  const observer = {
    update: ({ loss }: { loss: number }) => void losses.push(loss),
    step: ({ result }: { result: { rewards: Float64Array } }) => {
      for (const reward of result.rewards) rewards.add(reward);
    },
  };
  const training = await create();
  const before = training.learner.averageWeights();
  const weights = Object.entries(before).map(([name, values]) => [name, values.slice()] as const);
  const advance = async (one: typeof training, rounds: number) => {
    for (let unit = 0; unit < rounds * config.rolloutSteps; unit++) await one.advance(observer);
  };
  await advance(training, 16);
  const saved = training.saveState();
  await advance(training, 2);
  expect(training.step).toBe(18 * config.rolloutSteps * 32);
  expect(losses).toHaveLength(18 * 2);
  for (const loss of losses) expect(loss).toBeGreaterThan(0);
  // Somebody missed a ball, and rewards are signs.
  expect([...rewards].sort()).toEqual([-1, 0]);
  for (const [name, values] of weights) expect(training.learner.averageWeights()[name], name).not.toEqual(values);
  const resumed = await create();
  resumed.restoreState(saved);
  await advance(resumed, 2);
  expect(resumed.saveState()).toEqual(training.saveState());
});

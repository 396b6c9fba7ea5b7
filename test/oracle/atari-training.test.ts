/** Trainings take ale-py's vector of games as they take any other. */
import { beforeAll, expect, it } from 'vitest';
import { AtariVectorEnv } from '../../src/atari/index.ts';
import { Generator } from '../../src/core/index.ts';
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

it('tells of whole games where lives are terminations: unclipped, to the end of the game', () => {
  const env = new AtariVectorEnv({
    ...{ game: 'breakout', numEnvs: 2, autoresetMode: 'same-step', imgHeight: 42, imgWidth: 42, lifeLossInfo: true },
    rewardClipping: false,
  });
  env.reset({ seed: 3 });
  const scores = [0, 0];
  const lost = [0, 0];
  const random = new Generator(0);
  const told: number[][] = [];
  for (let t = 0; t < 800; t++) {
    const { rewards, terminations, wholeGames, infos } = env.step(
      Int32Array.of(random.integers(4), random.integers(4)),
    );
    for (const i of [0, 1]) {
      scores[i] += rewards[i];
      if (terminations[i] === 0) continue;
      lost[i]++;
      expect(wholeGames?.returns[i]).toBe(scores[i]);
      // A new game has five lives again.
      expect(wholeGames?.over[i]).toBe(Number((infos['lives'] as Int32Array)[i] === 5));
      if (wholeGames?.over[i] !== 1) continue;
      told.push([lost[i], scores[i]]);
      scores[i] = lost[i] = 0;
    }
  }
  expect(told.length).toBeGreaterThan(4);
  for (const [lives] of told) expect(lives).toBe(5);
  expect(Math.max(...told.map(([, score]) => score))).toBeGreaterThan(0);
});

it('PQN learns from 32 Pongs in one vector, and goes on bit for bit', async () => {
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

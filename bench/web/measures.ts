/** What bench/web.ts times, in Node and in a page alike: each measure does its work again and again. */
import { type Env, Generator, make } from 'bellman-rl';
import { createQNetwork, PqnLearner } from 'bellman-rl/agents';
import { CartPoleEnv } from 'bellman-rl/envs';
import type { CreateRunner } from 'bellman-rl/graph';

import { dqnCartPole, dqnPong, pongBuiltIn, pqnCartPole } from 'bellman-rl/recipes';
import { createDqnTraining, createPqnTraining, makeTrainingEnv } from 'bellman-rl/train';

export interface Measure {
  /** What is counted, by name of the column. */
  readonly unit: string;
  /** Builds it, and works until all is warm. @returns the work: how many units it did. */
  prepare(createRunner: CreateRunner): Promise<() => Promise<number>>;
}

const cartPole = (environments: number) =>
  makeTrainingEnv(() => new CartPoleEnv(), dqnCartPole.config.preprocessing, environments);

async function dqnOnCartPole(createRunner: CreateRunner) {
  const config = { ...dqnCartPole.config, maxSteps: 1e9, rewardBound: 1e9 };
  const training = await createDqnTraining({ config, envId: 'CartPole-v1', env: cartPole(1), createRunner, seed: 1 });
  while (training.step < config.learningStarts + 300) await training.advance({});
  return training;
}

const makePong = () => make('bellman/Pong-v0') as Env<unknown, number>;

/** A minibatch's gradient step of the network of `pong-built-in`. */
async function pongStep(createRunner: CreateRunner): Promise<() => Promise<void>> {
  const { network, environments } = pongBuiltIn.config;
  const spec = { inputShape: [4, 42, 42], inputDType: 'uint8', actions: 6 } as const;
  const batchSize = 64;
  const learner = await PqnLearner.create({
    network: createQNetwork({ network, values: { kind: 'scalar', loss: 'mse' } }, spec),
    batchSize,
    environments,
    random: new Generator(1),
    createRunner,
  });
  const random = new Generator(2);
  const batch = {
    observations: Uint8Array.from(random.integersArray(0, 256, batchSize * 4 * 42 * 42)),
    actions: Int32Array.from(random.integersArray(0, 6, batchSize)),
    returns: Float32Array.from({ length: batchSize }, () => random.normal()),
  };
  return () => learner.learn(batch);
}

async function natureStep(createRunner: CreateRunner): Promise<() => Promise<void>> {
  const config = { ...dqnPong.config, bufferSize: 200, learningStarts: 50, environments: 1 };
  const env = makeTrainingEnv(makePong, config.preprocessing, 1);
  const training = await createDqnTraining({ config, envId: 'bellman/Pong-v0', env, createRunner, seed: 2 });
  while (training.step < 50) await training.advance({});
  return () => training.learnOnce();
}

const times = (count: number, step: () => Promise<void>) => async (): Promise<number> => {
  for (let i = 0; i < count; i++) await step();
  return count;
};

export const measures: Readonly<Record<string, Measure>> = {
  'DQN, CartPole': {
    unit: 'steps/s',
    async prepare(createRunner) {
      const training = await dqnOnCartPole(createRunner);
      return times(1000, async () => training.advance({}));
    },
  },
  'PQN, CartPole': {
    unit: 'frames/s',
    async prepare(createRunner) {
      const config = { ...pqnCartPole.config, maxSteps: 1e9, rewardBound: 1e9 };
      const env = cartPole(config.environments);
      const training = await createPqnTraining({ config, envId: 'CartPole-v1', env, createRunner, seed: 3 });
      const work = async () => {
        for (let i = 0; i < 4 * config.rolloutSteps; i++) await training.advance({});
        return 4 * config.rolloutSteps * config.environments;
      };
      await work();
      return work;
    },
  },
  'PQN, Pong': {
    unit: 'frames/s',
    async prepare(createRunner) {
      const config = { ...pongBuiltIn.config, maxSteps: 1e9 };
      const env = makeTrainingEnv(makePong, config.preprocessing, config.environments);
      const training = await createPqnTraining({ config, envId: 'bellman/Pong-v0', env, createRunner, seed: 4 });
      const work = async () => {
        for (let i = 0; i < config.rolloutSteps; i++) await training.advance({});
        return config.rolloutSteps * config.environments;
      };
      await work();
      return work;
    },
  },
  'a gradient step of DQN on CartPole (64 rows)': {
    unit: 'steps/s',
    async prepare(createRunner) {
      const training = await dqnOnCartPole(createRunner);
      return times(1000, () => training.learnOnce());
    },
  },
  'a gradient step of PQN on Pong (64 rows, 42x42)': {
    unit: 'steps/s',
    async prepare(createRunner) {
      const step = await pongStep(createRunner);
      await times(5, step)();
      return times(40, step);
    },
  },
  "a gradient step of the book's DQN on Pong (32 rows, 84x84)": {
    unit: 'steps/s',
    async prepare(createRunner) {
      const step = await natureStep(createRunner);
      await times(2, step)();
      return times(10, step);
    },
  },
};

/**
 * Results whose bits are the same on every engine: each job ends with bytes, whose SHA-256 stands for them. The program uses
 * what every engine has, so that it runs in a page as it does in Node.
 */
import type { Env } from 'bellman-rl';
import { make } from 'bellman-rl';
import { createConsole } from 'bellman-rl/atari';
import { CartPoleEnv, FrozenLakeEnv, TaxiEnv } from 'bellman-rl/envs';
import { type CreateRunner, compileGraphs, interpretGraphs } from 'bellman-rl/graph';
import { dqnCartPole, dqnPong, pqnCartPole, qLearningTaxi, streamQCartPole } from 'bellman-rl/recipes';
import { QLearningAgent, valueIteration } from 'bellman-rl/tabular';
import {
  createDqnTraining,
  createPqnTraining,
  createStreamQTraining,
  makeTrainingEnv,
  type Training,
} from 'bellman-rl/train';

export interface Job {
  readonly name: string;
  /** What it needs: the package alone, or onnxruntime-web. */
  readonly engine: 'bellman' | 'onnxruntime-web';
  run(createRunner: CreateRunner): Promise<Uint8Array>;
}

/** A cartridge of 4 KiB: each line has another background, each pixel of it another playfield and player. */
function stripes(): Uint8Array {
  const image = new Uint8Array(4096);
  // biome-ignore format: an instruction or a loop a line
  image.set([
    0x78, 0xd8, 0xa2, 0xff, 0x9a, //                                  sei, cld, ldx #$ff, txs
    0xa9, 2, 0x85, 0, 0x85, 2, 0x85, 2, 0x85, 2, 0xa9, 0, 0x85, 0, // a frame: vertical sync for three lines
    0xa2, 0, //                                                       ldx #0
    0x86, 9, 0xa5, 0x80, 0x85, 0x0e, 0x85, 0x1b, 0xe6, 0x80, //       a line: COLUBK = x, PF1 = GRP0 = count++
    0x45, 0x81, 0x85, 0x81, 0x85, 2, //                               sum ^= count, wait for the next line
    0xe8, 0xe0, 0xfa, 0xd0, 0xeb, //                                  250 of them
    0x4c, 5, 0xf0, //                                                 the next frame
  ]);
  image.set([0, 0xf0], 0xffc);
  return image;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice();

async function afterSteps(training: Training, steps: number): Promise<Uint8Array> {
  while (training.step < steps) await training.advance({});
  const { content } = training.exportModel();
  await training.close();
  return content as Uint8Array;
}

const cartPole = (environments: number) =>
  makeTrainingEnv(() => new CartPoleEnv(), dqnCartPole.config.preprocessing, environments);

/** 50 updates of a small DQN. */
async function dqn(createRunner: CreateRunner): Promise<Uint8Array> {
  const training = await createDqnTraining({
    config: { ...dqnCartPole.config, learningStarts: 64 },
    envId: 'CartPole-v1',
    env: cartPole(1),
    createRunner,
    seed: 1,
  });
  return afterSteps(training, 114);
}

/** Three updates of the Nature network from pictures of Pong. */
async function nature(createRunner: CreateRunner): Promise<Uint8Array> {
  const { config } = dqnPong;
  const makePong = () => make('bellman/Pong-v0') as Env<unknown, number>;
  const training = await createDqnTraining({
    config: { ...config, bufferSize: 200, learningStarts: 40 },
    envId: 'bellman/Pong-v0',
    env: makeTrainingEnv(makePong, config.preprocessing, 1),
    createRunner,
    seed: 2,
  });
  return afterSteps(training, 42);
}

async function pqn(createRunner: CreateRunner): Promise<Uint8Array> {
  const { config } = pqnCartPole;
  const env = cartPole(config.environments);
  const training = await createPqnTraining({ config, envId: 'CartPole-v1', env, createRunner, seed: 3 });
  // Two rollouts, with the updates that follow the first.
  return afterSteps(training, 2 * config.environments * config.rolloutSteps);
}

async function streamQ(createRunner: CreateRunner): Promise<Uint8Array> {
  const { config } = streamQCartPole;
  return afterSteps(await createStreamQTraining({ config, env: cartPole(1), createRunner, seed: 4 }), 500);
}

export const jobs: readonly Job[] = [
  {
    name: 'value iteration, FrozenLake',
    engine: 'bellman',
    run: async () => bytesOf(valueIteration(new FrozenLakeEnv().model, { gamma: 0.9 }).values),
  },
  {
    name: 'Q-learning, Taxi',
    engine: 'bellman',
    async run() {
      const { config } = qLearningTaxi;
      const agent = new QLearningAgent({ env: new TaxiEnv(), testEnv: new TaxiEnv(), config, seed: 1 });
      for (let step = 0; step < 5000; step++) agent.iterate();
      return bytesOf(agent.actionValues());
    },
  },
  {
    name: 'Atari 2600, 120 frames',
    engine: 'bellman',
    async run() {
      const console = createConsole(stripes(), { format: 'NTSC' });
      for (let frame = 0; frame < 120; frame++) console.runFrame();
      return Uint8Array.of(...console.ram, ...bytesOf(console.screen()));
    },
  },
  { name: 'DQN, CartPole, interpreter', engine: 'bellman', run: () => dqn(interpretGraphs) },
  { name: 'DQN, CartPole, kernels', engine: 'bellman', run: () => dqn(compileGraphs) },
  { name: 'DQN, Pong, Nature network, kernels', engine: 'bellman', run: () => nature(compileGraphs) },
  { name: 'PQN, CartPole, kernels', engine: 'bellman', run: () => pqn(compileGraphs) },
  { name: 'StreamQ, CartPole, kernels', engine: 'bellman', run: () => streamQ(compileGraphs) },
  { name: 'DQN, CartPole', engine: 'onnxruntime-web', run: dqn },
  { name: 'DQN, Pong, Nature network', engine: 'onnxruntime-web', run: nature },
  { name: 'PQN, CartPole', engine: 'onnxruntime-web', run: pqn },
];

export async function digest(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(hash, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Digests of the jobs of an engine, by name. */
export async function digests(engine: Job['engine'], createRunner: CreateRunner): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const job of jobs) {
    if (job.engine === engine) found[job.name] = await digest(await job.run(createRunner));
  }
  return found;
}

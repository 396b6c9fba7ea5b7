/** What a page may do under a Content-Security-Policy. */
import type { Env } from 'bellman-rl';
import { make } from 'bellman-rl';
import { type CreateRunner, compileGraphs, emitOnnx, Graph, interpretGraphs, linear, readOnnx } from 'bellman-rl/graph';
import { dqnPong } from 'bellman-rl/recipes';
import { makeTrainingEnv } from 'bellman-rl/train';
import { createVideoEncoder } from 'bellman-rl/video';
import { digest, jobs } from './digests.ts';

const named = (name: string) => jobs.find((job) => job.name === name)!;

/** Steps of the built-in Pong as trainings see it. */
async function pong(): Promise<Uint8Array> {
  const makePong = () => make('bellman/Pong-v0') as Env<unknown, number>;
  const env = makeTrainingEnv(makePong, dqnPong.config.preprocessing, 1);
  env.reset({ seed: 1 });
  let last: Uint8Array = new Uint8Array(0);
  for (let step = 0; step < 30; step++) last = env.step(Int32Array.of(step % 6)).observations as Uint8Array;
  return last.slice();
}

/** A model, written and read. */
async function onnx(): Promise<Uint8Array> {
  const graph = new Graph();
  const y = linear(graph.input('x', 'float32', [1, 3]), graph.input('w', 'float32', [2, 3]));
  const bytes = emitOnnx(graph, { outputs: { y }, initializers: { w: Float32Array.of(1, 2, 3, 4, 5, 6) } });
  const { data } = readOnnx(bytes).initializers['w'];
  return Uint8Array.of(...bytes, ...new Uint8Array(data.buffer));
}

async function gif(): Promise<Uint8Array> {
  const encoder = await createVideoEncoder('gif', { fps: 30 });
  encoder.frame({ width: 4, height: 4, data: new Uint8Array(48).fill(200) });
  return encoder.finish();
}

const policedJobs: Readonly<Record<string, (ort: () => Promise<CreateRunner>) => Promise<Uint8Array>>> = {
  'value iteration': () => named('value iteration, FrozenLake').run(interpretGraphs),
  'Q-learning': () => named('Q-learning, Taxi').run(interpretGraphs),
  Pong: pong,
  ONNX: onnx,
  GIF: gif,
  'DQN, interpreter': () => named('DQN, CartPole, interpreter').run(interpretGraphs),
  'DQN, kernels': () => named('DQN, CartPole').run(compileGraphs),
  Atari: () => named('Atari 2600, 120 frames').run(interpretGraphs),
  'DQN, onnxruntime-web': async (ort) => named('DQN, CartPole').run(await ort()),
};

/** Digests by job; of one that fails, the message of its error. */
export async function tellAll(ort: () => Promise<CreateRunner>): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const [name, job] of Object.entries(policedJobs)) {
    told[name] = await job(ort).then(digest, (error: Error) => `${error.name}: ${error.message}`);
  }
  return told;
}

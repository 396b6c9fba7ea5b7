/** Models that PyTorch, Stable-Baselines3 and CleanRL wrote, against the values that these programs give (test/oracle/foreign_models.py). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildQValues } from '../agents/dqn.ts';
import { make } from '../envs/registry.ts';
import { emitOnnx, evaluate, flatten, Graph, linear } from '../graph/index.ts';
import { encodeModel } from '../graph/onnx-schema.ts';
import { loadAgent, openModel } from '../node/runs/load-agent.ts';
import { evaluate as evaluateAgent } from '../train/evaluate.ts';
import { readForeignModel } from './foreign-model.ts';
import { readForeignOnnx } from './foreign-onnx.ts';

const folder = fileURLToPath(new URL('../../test/oracle/fixtures/foreign/', import.meta.url));
interface Entry {
  readonly env: string;
  readonly q: readonly (readonly number[])[];
  readonly returns?: readonly number[];
}
const { models } = JSON.parse(readFileSync(`${folder}record.json`, 'utf8')) as {
  models: Readonly<Record<string, Entry>>;
};
const read = (name: string) => new Uint8Array(readFileSync(folder + name));

/** The observations of the generator. */
const vectors = Float32Array.from({ length: 32 }, (_, i) => Math.sin(i) * [2, 1.5, 0.2, 1.5][i % 4]);
const pictures = Uint8Array.from(
  { length: 2 * 4 * 84 * 84 },
  (_, i) => (i * 31 + Math.floor(i / 84) * 17 + Math.floor(i / 7056) * 101) % 256,
);

const specs = {
  'CartPole-v1': { inputShape: [4], inputDType: 'float32', actions: 2 },
  'PongNoFrameskip-v4': { inputShape: [4, 84, 84], inputDType: 'uint8', actions: 6 },
} as const;

describe('a model of another program', () => {
  const stateDicts = Object.entries(models).filter(([name]) => !name.endsWith('.onnx'));
  it.each(stateDicts)('%s gives the values of its program', (name, { env, q: expected }) => {
    const spec = specs[env as keyof typeof specs];
    const { network, weights } = readForeignModel(read(name), name).build(spec);
    const { outputs } = buildQValues(network, expected.length);
    const observations = env === 'CartPole-v1' ? vectors : pictures;
    const [q] = evaluate([outputs['q']], { observations, ...weights });
    const scale = Math.max(...expected.flat().map(Math.abs));
    for (const [i, value] of expected.flat().entries()) expect(Math.abs(q[i] - value)).toBeLessThan(2e-6 * scale);
  });

  const played = Object.entries(models).filter(([, { returns }]) => returns !== undefined);
  it.each(played)('%s plays the episodes of its program', async (name, { env, returns }) => {
    const agent = await loadAgent(folder + name, { env });
    const episodes = await evaluateAgent(agent, { episodes: returns!.length, seed: 0 });
    await agent.close();
    expect(episodes.map(({ totalReward }) => totalReward)).toEqual(returns);
  });
});

describe('what does not fit is told in one line', () => {
  const build = (name: string, spec: Parameters<ReturnType<typeof readForeignModel>['build']>[0]) => () =>
    readForeignModel(read(name), name).build(spec);
  it.each([
    [
      'book-cart-pole.dat',
      { ...specs['CartPole-v1'], actions: 3 },
      'net.2 gives 2 numbers; the environment has 3 actions',
    ],
    [
      'book-cart-pole.dat',
      { ...specs['CartPole-v1'], inputShape: [6] },
      'net.0 takes 4 numbers, observations [6] give 6',
    ],
    ['book-pong.dat', specs['CartPole-v1'], 'first layer is a convolution, the environment gives observations [4]'],
    [
      'book-pong.dat',
      { ...specs['PongNoFrameskip-v4'], inputShape: [4, 30, 30] },
      'observations [4, 30, 30] are too small for its convolutions',
    ],
    [
      'book-pong.dat',
      { ...specs['PongNoFrameskip-v4'], inputShape: [4, 96, 96] },
      'fc.0 takes 196 numbers, observations [4, 96, 96] through its convolutions give 256',
    ],
    ['book-pong.dat', { ...specs['PongNoFrameskip-v4'], inputShape: [1, 84, 84] }, 'takes 4 channels'],
    [
      'cleanrl-rainbow.cleanrl_model',
      { ...specs['PongNoFrameskip-v4'], actions: 4 },
      '4 actions, which are 4 times 5 atoms',
    ],
    ['sb3-cart-pole.zip', { ...specs['CartPole-v1'], actions: 3 }, 'is for 2 actions; the environment has 3'],
    [
      'sb3-cart-pole.zip',
      { ...specs['CartPole-v1'], inputShape: [6] },
      'is for observations [4]; the environment gives [6]',
    ],
  ])('%s', (name, spec, message) => {
    expect(build(name, spec)).toThrow(
      expect.objectContaining({ code: 'MISMATCH', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ['whole-module.pth', 'holds a whole network, not its weights alone: its pickle asks for __main__.Plain'],
    ['whole-module-before-1.6.pth', 'holds a whole network'],
    ['script.pt', 'a TorchScript program, whose code would have to run'],
  ])('%s is refused', (name, message) => {
    expect(() => readForeignModel(read(name), name)).toThrow(
      expect.objectContaining({ code: 'BAD_FILE', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ['exported.onnx', { env: 'Acrobot-v1' }, 'takes "state" float32[N, 4]; the environment gives float32[1, 6]'],
    ['exported.onnx', { env: 'FrozenLake-v1' }, 'takes "state" float32[N, 4]; the environment gives float32[1, 16].'],
    ['exported-pong.onnx', { env: 'bellman/Pong-v0' }, '--preprocessing: got undefined, allowed is what the model saw'],
    ['exported.onnx', {}, '--env: got undefined'],
    ['sb3-cart-pole.zip', { env: 'CartPole-v1', preprocessing: 'sb3' }, 'needs an Atari environment'],
  ])('%s with %j', async (name, options, message) => {
    await expect(loadAgent(folder + name, options)).rejects.toThrow(message);
  });

  it('an ONNX model whose weights lie in another file', () => {
    const initializer = [{ name: 'w', dataType: 1, dims: [1], rawData: new Uint8Array(0), dataLocation: 1 }];
    const output = [{ name: 'q', type: { tensorType: { elemType: 1, shape: { dim: [] } } } }];
    const graph = { name: '', node: [], initializer, input: [], output };
    const bytes = encodeModel({ irVersion: 8, opsetImport: [{ domain: '', version: 17 }], graph });
    expect(() => readForeignOnnx(bytes, 'net.onnx')).toThrow(
      'net.onnx: its weights lie in another file. Export it in one',
    );
  });

  it('pictures as numbers from 0 to 1, where asked for', async () => {
    // Action 0 is worth the sum of the numbers seen, action 1 100,000: bytes sum to more, their 255th parts to less.
    const graph = new Graph();
    const seen = graph.input('seen', 'float32', [1, 4, 84, 84]);
    const size = 4 * 84 * 84;
    const weight = graph.constant(
      Float32Array.from({ length: 6 * size }, (_, i) => (i < size ? 1 : 0)),
      [6, size],
    );
    const bias = graph.constant(Float32Array.of(0, 1e5, 0, 0, 0, 0), [6]);
    const content = emitOnnx(graph, { outputs: { values: linear(flatten(seen), weight, bias) } });
    for (const scaled of [false, true]) {
      const game = { env: 'bellman/Pong-v0', preprocessing: 'third', scaled };
      const agent = await openModel({ content, path: 'sum.onnx' }, game);
      const { observation, info } = agent.env.reset({ seed: 1 });
      expect(await agent.act(observation, info)).toBe(scaled ? 1 : 0);
      await agent.close();
    }
  });

  it('asks for the environment and the preprocessing', async () => {
    await expect(loadAgent(`${folder}book-cart-pole.dat`)).rejects.toThrow('--env: got undefined');
    expect(make('CartPole-v1').spec?.id).toBe('CartPole-v1');
    const own = `${folder}book-cart-pole.dat`;
    await expect(loadAgent(own, { env: 'CartPole-v1', preprocessing: 'sb4' })).rejects.toThrow('Did you mean "sb3"?');
  });
});

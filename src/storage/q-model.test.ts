import { expect, it } from 'vitest';
import { scalarValues } from '../agents/index.ts';
import { FileFormatError } from '../core/errors.ts';
import { type OnnxModel, readOnnx } from '../graph/index.ts';
import { mlp, noisyLinear } from '../nn/index.ts';
import { exportQModel, readModelMetadata } from './q-model.ts';

const good = {
  env: 'CartPole-v1',
  env_kwargs: '{"gravity":9}',
  view: '{"kind":"none","actionBins":null}',
};
const model = (metadata: Readonly<Record<string, string>>): OnnxModel =>
  ({
    metadata,
    inputs: { observations: { dtype: 'float32', shape: ['N', 4] } },
    outputs: { q: { dtype: 'float32', shape: ['N', 2] } },
  }) as unknown as OnnxModel;
const atari = {
  edition: 'third',
  frameSize: 84,
  noopMax: 30,
  stickyActions: 0,
  fireReset: true,
  frameSkip: 4,
  frameStack: 4,
  episodicLife: true,
};
const atariView = (change: object): string => JSON.stringify({ kind: 'atari', ...atari, ...change });

it('reads what a model says of itself', () => {
  expect(readModelMetadata(model(good), 'a.onnx')).toEqual({
    env: 'CartPole-v1',
    envKwargs: { gravity: 9 },
    view: { kind: 'none', actionBins: null },
    actionMasks: false,
    actions: 2,
  });
  const { view } = readModelMetadata(model({ ...good, view: atariView({}) }), 'a.onnx');
  expect(view).toEqual({ kind: 'atari', ...atari });
});

it.each([
  ['env_kwargs', '{', 'its env_kwargs is no JSON'],
  ['env_kwargs', '[]', 'its env_kwargs is no JSON object'],
  ['env_kwargs', 'null', 'its env_kwargs is no JSON object'],
  ['view', 'null', 'its view is no JSON object'],
  ['view', '5', 'its view is no JSON object'],
  ['view', '{}', 'view.kind: got undefined, allowed is one of none, atari'],
  ['view', '{"kind":"\\u001b[2J"}', 'view.kind: got'],
  ['view', atariView({ frameStack: 1e9 }), 'view.frameStack: got 1000000000, allowed is at most 16'],
  ['view', atariView({ noopMax: 1e15 }), 'view.noopMax: got 1000000000000000, allowed is at most 1000'],
  ['view', atariView({ frameSize: 1e6 }), 'view.frameSize'],
  ['view', atariView({ more: 1 }), 'more'],
])('a model whose %s is %s is refused by its name', (key, text, problem) => {
  const read = () => readModelMetadata(model({ ...good, [key]: text }), 'a.onnx');
  expect(read).toThrow(FileFormatError);
  expect(read).toThrow(/^a\.onnx: /);
  expect(read).toThrow(problem);
});

it.each<[string, object]>([
  ['no environment', { metadata: { ...good, env: undefined } }],
  ['no options', { metadata: { ...good, env_kwargs: undefined } }],
  ['no view', { metadata: { ...good, view: undefined } }],
  ['inputs of another name', { inputs: { x: { dtype: 'float32', shape: ['N', 4] } } }],
  ['outputs of another name', { outputs: { y: { dtype: 'float32', shape: ['N', 2] } } }],
  ['any number of actions', { outputs: { q: { dtype: 'float32', shape: ['N', 'A'] } } }],
])('a model with %s is not one of action values', (_what, change) => {
  const read = () => readModelMetadata({ ...model(good), ...change } as OnnxModel, 'a.onnx');
  expect(read).toThrow(FileFormatError);
  expect(read).toThrow('a.onnx: an ONNX model, but not one of action values. Give a model that ');
});

it('says what the parser of JSON said', () => {
  const read = () => readModelMetadata(model({ ...good, view: '{' }), 'a.onnx');
  expect(read).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }));
});

it.each([undefined, false, true])('a network is written as a model of any batch, masks %s', (actionMasks) => {
  const network = {
    ...mlp({ inputShape: [4], actions: 2, hidden: [3], layer: noisyLinear() }),
    values: scalarValues('mse'),
  };
  const weights = Object.fromEntries(
    network.parameters.map(({ name, shape }) => [name, new Float32Array(shape.reduce((a, b) => a * b, 1))]),
  );
  const metadata = { env: 'CartPole-v1', envKwargs: { gravity: 9 }, view: { kind: 'none', actionBins: null } } as const;
  const read = readOnnx(
    exportQModel(network, weights, { ...metadata, ...(actionMasks !== undefined && { actionMasks }) }),
  );
  expect(read.inputs).toEqual({ observations: { dtype: 'float32', shape: ['N', 4] } });
  expect(read.outputs).toEqual({ q: { dtype: 'float32', shape: ['N', 2] } });
  expect(Object.keys(read.metadata)).toEqual([
    'env',
    'env_kwargs',
    'view',
    ...(actionMasks === true ? ['action_masks'] : []),
  ]);
  expect(readModelMetadata(read, 'a.onnx')).toEqual({ ...metadata, actionMasks: actionMasks === true, actions: 2 });
  // Weights of the mean alone.
  expect(Object.keys(weights).some((name) => /sigma/i.test(name))).toBe(true);
  expect(Object.keys(read.initializers).filter((name) => /sigma/i.test(name))).toEqual([]);
});

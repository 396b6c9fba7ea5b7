import { expect, it } from 'vitest';
import { FileFormatError } from '../core/errors.ts';
import type { OnnxModel } from '../graph/index.ts';
import { readModelMetadata } from './q-model.ts';

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
const atari = { edition: 'third', frameSize: 84, noopMax: 30, frameSkip: 4, frameStack: 4, episodicLife: true };
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

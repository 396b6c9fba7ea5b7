import { afterEach, expect, it, vi } from 'vitest';
import { add, Graph } from '../../graph/index.ts';
import { explain } from './native-ort.ts';

const withCode = (code: string, message: string) => Object.assign(new Error(message), { code });
const linux = { platform: 'linux', arch: 'x64' };

/** As Node, Bun and the loader of shared libraries say it. */
it.each([
  ["Cannot find package 'onnxruntime-node' imported from /a/onnxruntime-node/b.js", 'ERR_MODULE_NOT_FOUND'],
  ["Cannot find package 'onnxruntime-node' from '/a/b.js'", 'ERR_MODULE_NOT_FOUND'],
])('a package that is not installed: %s', (message, code) => {
  expect(explain(withCode(code, message), linux)).toEqual({
    obstacle: 'onnxruntime-node is not installed.',
    cure: 'For the fast one: npm install --ignore-scripts',
  });
});

it.each([
  ['file:///home/a/bellman/dist/node/a.js', '--ignore-scripts'],
  ['file:///usr/lib/node_modules/bellman-rl/dist/node/a.js', '-g --ignore-scripts bellman-rl'],
  ['file:///C:/Users/a/AppData/Roaming/npm/node_modules/bellman-rl/dist/node/a.js', '-g --ignore-scripts bellman-rl'],
  ['file:///home/a/lib/b/node_modules/bellman-rl/dist/node/a.js', '--ignore-scripts bellman-rl'],
])('the cure is for the place of the install: %s', (place, words) => {
  const error = withCode('ERR_MODULE_NOT_FOUND', "Cannot find package 'onnxruntime-node' imported from /a.js");
  expect(explain(error, linux, place).cure).toBe(`For the fast one: npm install ${words}`);
});

it('a package without a program for the machine has no cure', () => {
  const lacking = withCode(
    'MODULE_NOT_FOUND',
    "Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'\nRequire stack:",
  );
  const intelMac = { obstacle: 'onnxruntime-node has no program for darwin x64.' };
  expect(explain(lacking, { platform: 'darwin', arch: 'x64' })).toEqual(intelMac);
  const musl = withCode('ERR_DLOPEN_FAILED', 'Error loading shared library ld-linux-x86-64.so.2: No such file');
  expect(explain(musl, linux)).toEqual({ obstacle: `onnxruntime-node does not load here (${musl.message}).` });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.doUnmock('onnxruntime-node');
  vi.resetModules();
});

it('where it does not load, networks run on WebAssembly, which is said once', async () => {
  vi.resetModules();
  vi.doMock('onnxruntime-node', () => {
    throw new Error('gone');
  });
  const said: string[] = [];
  vi.spyOn(console, 'warn').mockImplementation((line: string) => void said.push(line));
  const { ortRunnerFactory } = await import('./ort-runner-factory.ts');
  const { createModelRunner } = await import('./model-runner.ts');
  const { createOrtRunner } = await import('./ort-runner.ts');
  const { settledDevice } = await import('./devices.ts');
  const { emitOnnx, modelSpec } = await import('../../graph/index.ts');

  const graph = new Graph();
  const outputs = { y: add(graph.input('x', 'float32', [2]), 1) };
  const x = Float32Array.of(1, 2);
  const runner = await ortRunnerFactory('cpu', 1)(graph, outputs);
  expect([...(await runner.run({ x }))['y']]).toEqual([2, 3]);
  await runner.release();
  expect([await settledDevice('cpu'), await settledDevice('cuda')]).toEqual(['wasm', 'cuda']);
  const model = emitOnnx(graph, { outputs });
  const played = await createModelRunner(model, modelSpec(outputs));
  expect([...(await played.run({ x }))['y']]).toEqual([2, 3]);
  await played.release();
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^bellman: onnxruntime-node .+\. Networks run on WebAssembly \(--device wasm\)/);
  // Asked for by name, it is an error.
  await expect(createOrtRunner(model, modelSpec(outputs))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

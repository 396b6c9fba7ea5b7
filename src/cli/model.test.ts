import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bellmanHere } from '../../test/cli/bellman-here.ts';
import { temporaryFolder } from '../../test/cli/run-bellman.ts';
import { emitOnnx, Graph, linear, relu } from '../graph/index.ts';
import { encodeTable } from '../storage/table-model.ts';
import { describeModel, readable } from './model.ts';

const folder = temporaryFolder();

it('counts the weights of the pole that comes along: 4-128-128-2', async () => {
  const facts = await describeModel('models/pole.onnx');
  // 4 * 128 + 128, 128 * 128 + 128, 128 * 2 + 2
  expect(facts.parameters).toBe(640 + 16_512 + 258);
  expect(facts.layers.map(({ weights: [{ shape }] }) => shape)).toEqual([
    [128, 4],
    [128, 128],
    [2, 128],
  ]);
  expect(facts.inputs).toEqual([{ name: 'observations', type: 'float32', shape: ['N', 4] }]);
  expect(facts.metadata).toMatchObject({ env: 'CartPole-v1' });
});

it('reads an ONNX file that says nothing of itself', async () => {
  const graph = new Graph();
  const x = graph.input('pixels', 'float32', [1, 3]);
  const y = relu(linear(x, graph.input('w', 'float32', [2, 3]), graph.input('b', 'float32', [2])));
  const initializers = { w: new Float32Array(6), b: new Float32Array(2) };
  const path = join(folder, 'foreign.onnx');
  writeFileSync(path, emitOnnx(graph, { outputs: { y }, initializers }));
  const { inputs, parameters, metadata } = await describeModel(path);
  expect({ inputs, parameters, metadata }).toEqual({
    inputs: [{ name: 'pixels', type: 'float32', shape: [1, 3] }],
    parameters: 8,
    metadata: {},
  });
});

it('reads a table, and weights of PyTorch', async () => {
  const path = join(folder, 'table.json');
  const rest = { env: 'FrozenLake-v1', envOptions: {}, cells: null, actionBins: null, actionMasks: null };
  writeFileSync(path, encodeTable({ ...rest, nStates: 16, nActions: 4, q: new Array(64).fill(0) }));
  expect(await describeModel(path)).toMatchObject({ parameters: 64, metadata: { env: 'FrozenLake-v1' } });
  const { layers, parameters } = await describeModel('test/oracle/fixtures/foreign/book-cart-pole.dat');
  const count = layers
    .flatMap(({ weights }) => weights)
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
  expect(parameters).toBe(count);
  expect(parameters).toBeGreaterThan(0);
});

it.each([
  ['CartPole-v1', 'CartPole-v1'],
  ['{}', 'none'],
  [
    '{"kind":"atari","score":{"mean":18.5333333,"episodes":30},"sizes":[1,2]}',
    'kind atari, score (mean 18.53, episodes 30), sizes (1, 2)',
  ],
  ['2693792', '2693792'],
  ['null', 'null'],
])('shows metadata %s as %s', (text, shown) => {
  expect(readable(text)).toBe(shown);
});

it('prints a table of layers, and one line for what is no model', async () => {
  const { stdout } = await bellmanHere(['model', 'models/pole.onnx']);
  expect(stdout).toContain('parameters   17,410');
  expect(stdout).toMatch(/^Gemm {3}fc\.0\.weight, fc\.0\.bias +128x4, 128 +640$/m);
  const { code, stderr } = await bellmanHere(['model', 'README.md']);
  expect([code, stderr.trimEnd().split('\n').length]).toEqual([1, 1]);
});

it('prints Q of a table: every state that is played, its place, each action by name, and the best', async () => {
  const { stdout } = await bellmanHere(['model', 'models/lake.json', '--q']);
  const [titles, ...lines] = stdout.trimEnd().split('\n');
  expect(titles.trim().split(/ {2,}/)).toEqual(['state', 'row, column', 'left', 'down', 'right', 'up', 'best']);
  // 16 cells without four holes and the goal.
  expect(lines).toHaveLength(11);
  const { q } = JSON.parse(readFileSync('models/lake.json', 'utf8')) as { readonly q: readonly number[] };
  for (const line of lines) {
    const [state, place, ...cells] = line.trim().split(/ {2,}/);
    const values = q.slice(4 * Number(state), 4 * Number(state) + 4);
    expect(place).toBe(`(${Math.floor(Number(state) / 4)}, ${Number(state) % 4})`);
    const best = ['left', 'down', 'right', 'up'][values.indexOf(Math.max(...values))];
    expect(cells).toEqual([...values.map((value) => value.toFixed(3)), best]);
  }
  const { actions, rows } = JSON.parse((await bellmanHere(['model', 'models/lake.json', '--q', '--json'])).stdout);
  expect(actions).toEqual(['left', 'down', 'right', 'up']);
  expect(rows.at(-1)).toEqual([14, ...q.slice(56, 60)]);
});

it('prints Q of cells of a box by the numbers of states, and says of a network that it is no table', async () => {
  const cells = { low: [-1, -1, -8], high: [1, 1, 8], bins: [1, 1, 2] };
  const sizes = { nStates: 2, nActions: 3, q: [0, 0, 0, 1, -2.5, 0] };
  const path = join(folder, 'swing.json');
  const rest = { env: 'Pendulum-v1', envOptions: {}, cells, actionBins: 3, actionMasks: null };
  writeFileSync(path, encodeTable({ ...rest, ...sizes }));
  const { stdout } = await bellmanHere(['model', path, '--q']);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
  expect(rows).toEqual([
    ['state', '-1.33', '0', '1.33', 'best'],
    // Nothing was learned there, so nothing is the best.
    ['0', '0.000', '0.000', '0.000'],
    ['1', '1.000', '-2.500', '0.000', '-1.33'],
  ]);
  const network = await bellmanHere(['model', 'models/pole.onnx', '--q']);
  expect(network.stderr).toBe('bellman: models/pole.onnx is no table. Give a tabular run.\n');
});

/**
 * Writes models for check_onnx.py: every network as an exported model with weights inside, and the Nature network's whole
 * training step; beside each, inputs and the outputs that onnxruntime-node gave.
 *
 *   npx tsx test/oracle/export-models.ts DIRECTORY
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as G from '../../src/graph/index.ts';
import * as nn from '../../src/nn/index.ts';
import { createOrtRunner } from '../../src/node/onnxruntime/ort-runner.ts';

const directory = process.argv[2];
if (directory === undefined) throw new Error('usage: npx tsx test/oracle/export-models.ts DIRECTORY');
mkdirSync(directory, { recursive: true });

const wave = (n: number, phase: number, scale: number) =>
  Float32Array.from({ length: n }, (_, i) => scale * Math.sin(phase + i * 1.7 + i * i * 1e-4));
const pixels = (n: number, phase: number) => Uint8Array.from(wave(n, phase, 127), (v) => v + 128);
const sizeOf = (shape: G.Shape) => shape.reduce((a, b) => a * b, 1);

async function write(name: string, bytes: Uint8Array, spec: G.ModelSpec, feeds: Record<string, G.TypedArray>) {
  const runner = await createOrtRunner(bytes, spec);
  const fetches = await runner.run(feeds);
  const plain = (arrays: Record<string, G.TypedArray>, specs: G.ModelSpec['inputs']) =>
    Object.fromEntries(Object.entries(arrays).map(([key, data]) => [key, { ...specs[key], data: [...data] }]));
  writeFileSync(join(directory, `${name}.onnx`), bytes);
  const record = { inputs: plain(feeds, spec.inputs), outputs: plain({ ...fetches }, spec.outputs) };
  writeFileSync(join(directory, `${name}.json`), JSON.stringify(record));
  await runner.release();
  console.log(`${name}: ${bytes.length} bytes`);
}

function weights(network: nn.Network, phase: number) {
  return network.parameters.map(({ shape, fanIn }, i) => wave(sizeOf(shape), phase + i, 1 / Math.sqrt(fanIn)));
}

const networks: Record<string, nn.Network> = {
  'nature-cnn': nn.natureCnn({ inputShape: [4, 84, 84], actions: 6 }),
  'nature-cnn-dueling': nn.natureCnn({ inputShape: [4, 84, 84], actions: 6, dueling: true }),
  'cnn-2013': nn.cnn2013({ inputShape: [4, 84, 84], actions: 4 }),
  'small-cnn': nn.smallCnn({ inputShape: [4, 42, 42], actions: 6 }),
  mlp: nn.mlp({ inputShape: [4], actions: 2 }),
};
for (const [name, network] of Object.entries(networks)) {
  const graph = new G.Graph();
  const x = graph.input('obs', network.inputDType, [1, ...network.inputShape]);
  const params = network.parameters.map((p) => graph.input(p.name, 'float32', p.shape));
  const outputs = { q: network.build(x, params) };
  const arrays = weights(network, 1);
  const initializers = Object.fromEntries(network.parameters.map((p, i) => [p.name, arrays[i]]));
  const metadata = { network: name };
  const bytes = G.emitOnnx(graph, { outputs, initializers, dynamicBatch: true, metadata });
  const batch = 3;
  const spec = {
    inputs: { obs: { dtype: network.inputDType, shape: [batch, ...network.inputShape] } },
    outputs: { q: { dtype: 'float32', shape: [batch, network.actions] } },
  } as const;
  const n = batch * sizeOf(network.inputShape);
  await write(name, bytes, spec, { obs: network.inputDType === 'uint8' ? pixels(n, 0) : wave(n, 0, 1) });
}

const network = networks['nature-cnn'];
const graph = new G.Graph();
const obs = graph.input('obs', 'uint8', [2, 4, 84, 84]);
const params = network.parameters.map((p) => graph.input(p.name, 'float32', p.shape));
const loss = nn.huberLoss(G.reduceMax(network.build(obs, params), 1), graph.constant([1, -1]));
const outputs: Record<string, G.Tensor> = { loss };
for (const [i, gradient] of G.gradients(loss, params).entries()) outputs[`d.${network.parameters[i].name}`] = gradient;
const arrays = weights(network, 1);
const feeds: Record<string, G.TypedArray> = { obs: pixels(2 * 4 * 84 * 84, 0) };
for (const [i, { name }] of network.parameters.entries()) feeds[name] = arrays[i];
await write('nature-cnn-step', G.emitOnnx(graph, { outputs }), G.modelSpec(outputs), feeds);

/**
 * Writes models for check_onnx.py and onnx_in_pytorch.py: every network as an exported model with weights inside, and the Nature network's whole
 * training step; next to each, inputs and the outputs that onnxruntime-node gave.
 *
 *   npx tsx test/oracle/export-models.ts DIRECTORY
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDqnUpdate } from '../../src/agents/dqn.ts';
import { scalarValues } from '../../src/agents/scalar.ts';
import { sizeOf } from '../../src/core/shape.ts';
import * as G from '../../src/graph/index.ts';
import * as nn from '../../src/nn/index.ts';
import { createOrtRunner } from '../../src/node/onnxruntime/ort-runner.ts';

const directory = process.argv[2];
if (directory === undefined) throw new Error('usage: npx tsx test/oracle/export-models.ts DIRECTORY');
mkdirSync(directory, { recursive: true });

const wave = (n: number, phase: number, scale: number) =>
  Float32Array.from({ length: n }, (_, i) => scale * Math.sin(phase + i * 1.7 + i * i * 1e-4));
const pixels = (n: number, phase: number) => Uint8Array.from(wave(n, phase, 127), (v) => v + 128);

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
  const weights = new nn.Parameters(network.parameters);
  [...weights].forEach(({ data, fanIn }, i) => {
    data.set(wave(data.length, phase + i, 1 / Math.sqrt(fanIn)));
  });
  network.beforeUpdate?.(weights, 15);
  return [...weights].map(({ data }) => data);
}

const networks: Record<string, nn.Network> = {
  'nature-cnn': nn.PICTURE_NETWORKS.nature({ inputShape: [4, 84, 84], actions: 6 }),
  'nature-cnn-dueling': nn.PICTURE_NETWORKS.nature({ inputShape: [4, 84, 84], actions: 6, dueling: true }),
  'cnn-2013': nn.PICTURE_NETWORKS['dqn-2013']({ inputShape: [4, 84, 84], actions: 4 }),
  'small-cnn': nn.PICTURE_NETWORKS['small-42']({ inputShape: [4, 42, 42], actions: 6 }),
  'half-cnn': nn.PICTURE_NETWORKS['half-42']({ inputShape: [4, 42, 42], actions: 6 }),
  'nature-cnn-layer-norm': nn.PICTURE_NETWORKS.nature({ inputShape: [4, 84, 84], actions: 6, layerNorm: true }),
  'nature-cnn-standardized': nn.PICTURE_NETWORKS.nature({
    inputShape: [4, 84, 84],
    actions: 6,
    standardizeInput: true,
  }),
  'nature-cnn-noisy': nn.PICTURE_NETWORKS.nature({ inputShape: [4, 84, 84], actions: 6, layer: nn.noisyLinear(0.5) }),
  impala: nn.impala({ inputShape: [4, 84, 84], actions: 6, layerNorm: true }),
  'impala-btr': nn.impala({
    inputShape: [4, 84, 84],
    actions: 6,
    scale: 2,
    hidden: 512,
    pool: 6,
    spectralNorm: true,
    dueling: true,
    layer: nn.noisyLinear(0.5),
    cosines: 64,
  }),
  'mlp-implicit': nn.mlp({ inputShape: [4], actions: 2, cosines: 64 }),
  mlp: nn.mlp({ inputShape: [4], actions: 2 }),
  'mlp-dueling': nn.mlp({ inputShape: [4], actions: 2, dueling: true }),
  'mlp-layer-norm': nn.mlp({ inputShape: [4], actions: 2, layerNorm: true }),
};
for (const [name, network] of Object.entries(networks)) {
  const graph = new G.Graph();
  const x = graph.input('obs', network.inputDType, [1, ...network.inputShape]);
  const params = network.parameters.map((p) => graph.input(p.name, 'float32', p.shape));
  // As agents act: means over evenly spaced fractions, for networks that take some.
  const implicit = network.parameters.some((p) => p.name.startsWith('tau.'));
  const taus = graph.constant([0.125, 0.375, 0.625, 0.875]);
  const outputs = { q: implicit ? G.reduceMean(network.build(x, params, { taus }), 2) : network.build(x, params) };
  const arrays = weights(network, 1);
  // Sizes of noise have no part in the mean.
  const used = G.modelSpec(outputs).inputs;
  const initializers = Object.fromEntries(
    network.parameters.map((p, i) => [p.name, arrays[i]] as const).filter(([name]) => name in used),
  );
  const metadata = { network: name };
  const bytes = G.emitOnnx(graph, { outputs, initializers, dynamicBatch: true, foldStored: true, metadata });
  const batch = 3;
  const spec = {
    inputs: { obs: { dtype: network.inputDType, shape: [batch, ...network.inputShape] } },
    outputs: { q: { dtype: 'float32', shape: [batch, network.actions] } },
  } as const;
  const n = batch * sizeOf(network.inputShape);
  await write(name, bytes, spec, { obs: network.inputDType === 'uint8' ? pixels(n, 0) : wave(n, 0, 1) });
}

// The training step that ships, of two transitions.
const network = { ...networks['nature-cnn'], values: scalarValues('huber') };
const { graph, outputs } = buildDqnUpdate(network, { batchSize: 2 });
const size = 2 * 4 * 84 * 84;
const [online, target] = [weights(network, 1), weights(network, 2)];
const feeds: Record<string, G.TypedArray> = {
  observations: pixels(size, 0),
  nextObservations: pixels(size, 1),
  actions: Int32Array.of(1, 5),
  rewards: Float32Array.of(1, -1),
  discounts: Float32Array.of(0.99, 0),
};
for (const [i, { name }] of network.parameters.entries()) {
  feeds[name] = online[i];
  feeds[`target.${name}`] = target[i];
}
await write('nature-cnn-step', G.emitOnnx(graph, { outputs }), G.modelSpec(outputs), feeds);

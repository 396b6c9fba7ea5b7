/** DQN's learning step as it ships: loss and gradients on ONNX Runtime against PyTorch's, and the parts against each other. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildDqnUpdate, type QNetwork } from '../../src/agents/dqn.ts';
import { scalarValues } from '../../src/agents/scalar.ts';
import { sizeOf } from '../../src/core/shape.ts';
import * as G from '../../src/graph/index.ts';
import { mlp } from '../../src/nn/networks/mlp.ts';
import type { Network } from '../../src/nn/networks/network.ts';
import { PICTURE_NETWORKS } from '../../src/nn/networks/picture-networks.ts';
import { createOrtRunner } from '../../src/node/onnxruntime/ort-runner.ts';
import { uniform } from '../support/hashed-numbers.ts';

interface Fixture {
  readonly cases: readonly {
    readonly name: 'nature' | 'dqn-2013' | 'small-42' | 'mlp';
    readonly shape: readonly number[];
    readonly actions: number;
    readonly batch: number;
    readonly loss: 'mse' | 'huber';
    readonly dueling: boolean;
    readonly result: { readonly loss: number; readonly meanQ: number };
    readonly gradients: Readonly<Record<string, { shape: number[]; norm: number; at: number[]; values: number[] }>>;
  }[];
}

// Written by dqn_step_torch.py.
const fixture = JSON.parse(readFileSync(new URL('fixtures/dqn-step.json', import.meta.url), 'utf8')) as Fixture;

function observations(network: Network, batch: number, seed: number): G.TypedArray {
  const u = uniform(batch * sizeOf(network.inputShape), seed);
  return network.inputDType === 'uint8' ? Uint8Array.from(u, (v) => v * 256) : Float32Array.from(u, (v) => 2 * v - 1);
}

function weights(network: Network, prefix: string, firstSeed: number): Record<string, Float32Array> {
  const entries = network.parameters.map(({ name, shape }, i) => {
    const size = sizeOf(shape);
    const scale = Math.sqrt(shape.length > 1 ? size / shape[0] : 64);
    return [prefix + name, Float32Array.from(uniform(size, firstSeed + i), (v) => (2 * v - 1) / scale)] as const;
  });
  return Object.fromEntries(entries);
}

/** The step of a batch, with everything that it takes. */
function dqnStep(network: QNetwork, batch: number) {
  const { graph, outputs } = buildDqnUpdate(network, { batchSize: batch });
  const feeds: Record<string, G.TypedArray> = {
    observations: observations(network, batch, 1),
    nextObservations: observations(network, batch, 2),
    actions: Int32Array.from(uniform(batch, 3), (v) => v * network.actions),
    rewards: Float32Array.from(uniform(batch, 4), (v) => 2 * v - 1),
    discounts: Float32Array.from(uniform(batch, 5), (v) => (v < 0.25 ? 0 : 0.99)),
    ...weights(network, '', 100),
    ...weights(network, 'target.', 200),
  };
  return { graph, outputs, feeds };
}

function networkOf({ name, shape, actions, dueling, loss }: Fixture['cases'][number]): QNetwork {
  const values = scalarValues(loss);
  if (name === 'mlp') return { ...mlp({ inputShape: shape, actions, dueling }), values };
  const inputShape = shape as [number, number, number];
  return { ...PICTURE_NETWORKS[name]({ inputShape, actions, dueling }), values };
}

const norm = (data: Iterable<number>) => Math.sqrt(Array.from(data).reduce((total, v) => total + v * v, 0));

describe.each(fixture.cases)('$name, batch $batch, $loss', (expected) => {
  it('has the loss and gradients of PyTorch', async () => {
    const network = networkOf(expected);
    const { graph, outputs, feeds } = dqnStep(network, expected.batch);
    const runner = await createOrtRunner(G.emitOnnx(graph, { outputs }), { ...G.modelSpec(outputs), threads: 2 });
    const fetches = await runner.run(feeds);
    expect(Math.abs(fetches['loss'][0] / expected.result.loss - 1)).toBeLessThan(1e-5);
    expect(Math.abs(fetches['meanQ'][0] - expected.result.meanQ)).toBeLessThan(1e-5);
    // In PyTorch's order and under its names: a state dict goes in and out unchanged.
    expect(network.parameters.map(({ name }) => name)).toEqual(Object.keys(expected.gradients));
    for (const [name, gradient] of Object.entries(expected.gradients)) {
      const actual = fetches[`gradient.${name}`];
      expect(outputs[`gradient.${name}`].shape).toEqual(gradient.shape);
      expect(Math.abs(norm(actual) / gradient.norm - 1), name).toBeLessThan(1e-4);
      const typical = gradient.norm / Math.sqrt(actual.length);
      for (const [k, at] of gradient.at.entries()) {
        const error = Math.abs(actual[at] - gradient.values[k]);
        expect(error, `${name}[${at}]`).toBeLessThan(1e-4 * (Math.abs(gradient.values[k]) + typical));
      }
    }
    await runner.release();
  });
});

describe('the whole loss of the Nature network', () => {
  const nature = PICTURE_NETWORKS.nature({ inputShape: [4, 84, 84], actions: 6 });
  const network = { ...nature, values: scalarValues('mse') };

  it('is the same in the interpreter and on ONNX Runtime', async () => {
    const { graph, outputs, feeds } = dqnStep(network, 2);
    const runner = await createOrtRunner(G.emitOnnx(graph, { outputs }), G.modelSpec(outputs));
    const fetches = await runner.run(feeds);
    const names = Object.keys(outputs);
    G.evaluate(Object.values(outputs), feeds).forEach((reference, i) => {
      const actual = fetches[names[i]];
      const typical = norm(reference) / Math.sqrt(reference.length);
      let worst = 0;
      reference.forEach((v, k) => {
        worst = Math.max(worst, Math.abs(actual[k] - v) / (Math.abs(v) + typical));
      });
      expect(worst, names[i]).toBeLessThan(1e-4);
    });
    await runner.release();
  });
});

describe('the whole loss of a small network of pictures', () => {
  const network = {
    ...PICTURE_NETWORKS['small-42']({ inputShape: [4, 42, 42], actions: 6 }),
    values: scalarValues('mse'),
  };

  it('has the gradient of finite differences', () => {
    const { outputs, feeds } = dqnStep(network, 1);
    const computed = G.evaluate(
      network.parameters.map(({ name }) => outputs[`gradient.${name}`]),
      feeds,
      'float64',
    );
    network.parameters.forEach(({ name }, p) => {
      // The element with the largest gradient: one with next to none would prove little.
      const at = computed[p].reduce((best, v, i) => (Math.abs(v) > Math.abs(computed[p][best]) ? i : best), 0);
      const lossAt = (shift: number) => {
        const moved = new Float64Array(feeds[name]);
        moved[at] += shift;
        return G.evaluate([outputs['loss']], { ...feeds, [name]: moved }, 'float64')[0][0];
      };
      const slope = (lossAt(1e-6) - lossAt(-1e-6)) / 2e-6;
      expect(Math.abs(computed[p][at] / slope - 1), name).toBeLessThan(1e-5);
    });
  });
});

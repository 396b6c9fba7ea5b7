import { afterEach, describe, expect, it } from 'vitest';
import { buildQValues, type QNetwork } from '../../agents/dqn.ts';
import { createQNetwork } from '../../agents/q-network.ts';
import { scalarValues } from '../../agents/scalar.ts';
import { Generator } from '../../core/random/index.ts';
import { sizeOf } from '../../core/shape.ts';
import { add, type BackgroundRunner, createInterpreterRunner, emitOnnx, Graph, modelSpec } from '../../graph/index.ts';
import { mlp } from '../../nn/networks/mlp.ts';
import { backgroundRunnerFactory, createBackgroundRunner } from './background-runner.ts';
import { createOrtRunner } from './ort-runner.ts';

const ROWS = 32;
const running: BackgroundRunner[] = [];

afterEach(async () => {
  for (const runner of running.splice(0)) await runner.release();
});

function weightsOf(network: QNetwork, seed: number): Record<string, Float32Array> {
  const random = new Generator(seed);
  return Object.fromEntries(
    network.parameters.map(({ name, shape }) => {
      const length = sizeOf(shape);
      return [name, Float32Array.from({ length }, () => random.normal() * 0.05)];
    }),
  );
}

async function start(network: QNetwork, seed: number): Promise<BackgroundRunner> {
  const { graph, outputs } = buildQValues(network, ROWS, { convolutions: 'nchw' });
  const runner = await createBackgroundRunner(graph, outputs, weightsOf(network, seed));
  running.push(runner);
  return runner;
}

const small: QNetwork = { ...mlp({ inputShape: [5], actions: 3, hidden: [7] }), values: scalarValues('mse') };

function drawn(length: number, seed: number): Float32Array {
  const random = new Generator(seed);
  return Float32Array.from({ length }, () => random.normal());
}

/** What one thread says with these weights. */
async function expected(observations: Float32Array, seed: number): Promise<Float32Array> {
  const { outputs } = buildQValues(small, ROWS, { convolutions: 'nchw' });
  const { q } = await createInterpreterRunner(outputs, weightsOf(small, seed)).run({ observations });
  return q as Float32Array;
}

describe('createBackgroundRunner', () => {
  it('computes rows while the caller does something else, and takes other constants', async () => {
    const runner = await start(small, 1);
    const observations = drawn(ROWS * 5, 2);
    runner.inputs['observations'].set(observations);
    for (const [seed, rows] of [
      [1, ROWS],
      [7, 5],
      [8, 1],
    ]) {
      if (seed !== 1) runner.setConstants(weightsOf(small, seed));
      runner.outputs['q'].fill(Number.NaN);
      runner.start(rows);
      expect(() => runner.start(1)).toThrow('still busy');
      runner.finish();
      const q = await expected(observations, seed);
      for (let i = 0; i < rows * 3; i++) expect(runner.outputs['q'][i]).toBeCloseTo(q[i], 5);
    }
    runner.finish(); // nothing is under way
  });

  it('says of pictures what the caller would, the same bits every time', async () => {
    const spec = { inputShape: [4, 42, 42], inputDType: 'uint8', actions: 6 } as const;
    const kind = { kind: 'small-42', layerNorm: 'none', dueling: true, noisy: null, standardizeInput: false } as const;
    const network = createQNetwork({ network: kind, values: { kind: 'scalar', loss: 'mse' } }, spec);
    const { graph, outputs } = buildQValues(network, ROWS);
    const initializers = weightsOf(network, 3);
    const runner = await start(network, 3);
    const pictures = runner.inputs['observations'] as Uint8Array;
    const random = new Generator(4);
    const all = Uint8Array.from(pictures, () => random.integers(256));
    const model = emitOnnx(graph, { outputs, initializers });
    const own = await createOrtRunner(model, modelSpec(outputs, initializers));
    const reference = await own.run({ observations: all });
    const q = (count: number) => {
      pictures.fill(99).set(all.subarray(0, (all.length / ROWS) * count));
      runner.start(count);
      runner.finish();
      return (runner.outputs['q'] as Float32Array).slice(0, count * 6);
    };
    for (const count of [1, 2, 5, 12, ROWS]) {
      const values = q(count);
      values.forEach((value, i) => void expect(value).toBeCloseTo(reference['q'][i], 4));
      expect(q(count)).toEqual(values);
    }
    await own.release();
  });

  it('passes on why the thread failed, and goes on', async () => {
    // A model that insists on its number of rows.
    const graph = new Graph();
    const threes = graph.constant(Array(ROWS * 5).fill(3), [ROWS, 5]);
    const runner = await createBackgroundRunner(graph, { y: add(graph.input('x', 'float32', [ROWS, 5]), threes) }, {});
    running.push(runner);
    runner.inputs['x'].fill(3);
    runner.start(5);
    expect(() => runner.finish()).toThrow(/The background thread failed: .*dimensions for output.*$/);
    runner.start(ROWS);
    runner.finish();
    expect([...runner.outputs['y']]).toEqual(Array(ROWS * 5).fill(6));
  });

  it('refuses constants that do not fit, and work after its release', async () => {
    const runner = await start(small, 1);
    const short = Object.fromEntries(small.parameters.map(({ name }) => [name, new Float32Array(1)]));
    expect(() => runner.setConstants(short)).toThrow(/1 elements do not fill/);
    runner.start(ROWS);
    runner.finish();
    await runner.release();
    await runner.release();
    expect(() => runner.start(1)).toThrow('was released');
  });
});

it('is there with a second thread on the processor', () => {
  expect(backgroundRunnerFactory('cpu', 2)).toBe(createBackgroundRunner);
  expect(backgroundRunnerFactory('cpu', 1)).toBeUndefined();
  expect(backgroundRunnerFactory('webgpu', 2)).toBeUndefined();
});

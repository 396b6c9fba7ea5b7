/** One learning step of BTR, of its parts and of the Impala network on ONNX Runtime, against PyTorch's. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hashed, hashedDoubles } from '../../test/support/hashed-numbers.ts';
import { sizeOf } from '../core/shape.ts';
import { createKernelRunner, emitOnnx, evaluate, modelSpec, readGraph, type TypedArray } from '../graph/index.ts';
import type { ConvolutionForm } from '../graph/lowering/convolutions.ts';
import { impala } from '../nn/networks/impala.ts';
import { noisyLinear } from '../nn/noisy-linear.ts';
import { Parameters } from '../nn/parameters.ts';
import { createOrtRunner } from '../node/onnxruntime/ort-runner.ts';
import { buildDqnUpdate, buildQValues, NOISE_PREFIXES, type QNetwork } from './dqn.ts';
import { implicitQuantileValues } from './implicit-quantile.ts';
import { munchausenBootstrap } from './munchausen.ts';
import { scalarValues } from './scalar.ts';

interface Case {
  readonly name: string;
  readonly implicit: boolean;
  readonly noisy: boolean;
  readonly dueling: boolean;
  readonly munchausen: boolean;
  readonly spectral: boolean;
  readonly pool: boolean;
  readonly layerNorm: boolean;
  readonly weighted: boolean;
  readonly loss: number;
  readonly q: readonly number[];
  readonly vectors: Readonly<Record<string, readonly number[]>>;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

// Written by test/oracle/btr_torch.py.
const { cases } = JSON.parse(readFileSync(new URL('fixtures/btr.json', import.meta.url), 'utf8')) as { cases: Case[] };
const [BATCH, CHANNELS, SIDE, ACTIONS, HIDDEN, POOL, STEPS, GAMMA] = [4, 2, 20, 3, 5, 2, 3, 0.9];
const TAUS = { cosines: 4, taus: 4, targetTaus: 3, actingTaus: 2 };

function networkOf(member: Case): QNetwork {
  const values = member.implicit ? implicitQuantileValues(TAUS) : scalarValues('huber');
  const network = impala({
    inputShape: [CHANNELS, SIDE, SIDE],
    actions: ACTIONS,
    hidden: HIDDEN,
    scale: 1 / 8,
    dueling: member.dueling,
    layer: member.noisy ? noisyLinear() : undefined,
    layerNorm: member.layerNorm,
    spectralNorm: member.spectral,
    pool: member.pool ? POOL : undefined,
    cosines: values.taus?.cosines,
  });
  return { ...network, values };
}

function filled(network: QNetwork, seed: number): Parameters {
  const weights = new Parameters(network.parameters);
  [...weights].forEach(({ name, fanIn, data }, i) => {
    let [low, high] = [-1.5 / Math.sqrt(fanIn), 1.5 / Math.sqrt(fanIn)];
    if (name.endsWith('norm.weight')) [low, high] = [0.5, 1.5];
    else if (name.endsWith('norm.bias')) [low, high] = [-0.5, 0.5];
    else if (name.endsWith('sigma')) [low, high] = [-0.3, 0.3];
    data.set(hashed(data.length, seed + i, low, high));
  });
  return weights;
}

function near(found: ArrayLike<number>, expected: readonly number[], tolerance: number, name: string): void {
  expect(found.length, name).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs), 1e-3);
  const worst = Math.max(...expected.map((v, i) => Math.abs(found[i] - v)));
  expect(worst / scale, name).toBeLessThan(tolerance);
}

describe.each(cases)('$name', (member) => {
  const network = networkOf(member);
  const bootstrap = member.munchausen ? munchausenBootstrap({ alpha: 0.9, temperature: 0.3, clip: -1 }) : undefined;
  const build = (convolutions?: ConvolutionForm) => {
    const inForm: QNetwork = {
      ...network,
      build: (x, params, more) => network.build(x, params, { ...more, convolutions }),
    };
    return buildDqnUpdate(inForm, { batchSize: BATCH, bootstrap, weighted: member.weighted });
  };
  const online = filled(network, 100);
  network.beforeUpdate?.(online);
  const pixels = (seed: number) => Uint8Array.from(hashedDoubles(BATCH * CHANNELS * SIDE * SIDE, seed, 0, 256));
  const steps = hashed(BATCH * STEPS, 4);
  const ended = hashedDoubles(BATCH, 5, 0, 1);
  const all: Record<string, TypedArray> = {
    observations: pixels(1),
    nextObservations: pixels(2),
    actions: Int32Array.from(hashedDoubles(BATCH, 3, 0, ACTIONS)),
    rewards: Float32Array.from({ length: BATCH }, (_, row) =>
      Array.from(steps.subarray(row * STEPS, (row + 1) * STEPS)).reduceRight((sum, r) => r + GAMMA * sum, 0),
    ),
    discounts: Float32Array.from(ended, (v) => (v < 0.25 ? 0 : GAMMA ** STEPS)),
    weights: hashed(BATCH, 6, 0.1, 1),
    taus: hashed(BATCH * TAUS.taus, 7, 0, 1),
    'target.taus': hashed(BATCH * TAUS.targetTaus, 8, 0, 1),
    ...online.byPrefix(),
    ...filled(network, 300).byPrefix('target.'),
  };
  NOISE_PREFIXES.forEach((prefix, k) => {
    (network.noise ?? []).forEach(({ name, shape }, i) => {
      all[`${prefix}${name}`] = hashed(sizeOf(shape), 500 + 100 * k + i, -2, 2);
    });
  });
  const feedsOf = (inputs: object) => Object.fromEntries(Object.keys(inputs).map((name) => [name, all[name]]));

  it('moves the singular vectors as PyTorch does', () => {
    for (const [name, expected] of Object.entries(member.vectors)) near(online.get(name).data, expected, 1e-6, name);
    expect(Object.keys(member.vectors).length).toBe(member.spectral ? 24 : 0);
  });

  it('has the loss and the gradients of PyTorch', async () => {
    const { graph, outputs } = build();
    const learned = network.parameters.filter((parameter) => parameter.learned !== false).map(({ name }) => name);
    expect(learned).toEqual(Object.keys(member.gradients));
    // The other form of convolutions, in double precision.
    const twin = build('im2col');
    const names = Object.keys(twin.outputs);
    const exact = evaluate(Object.values(twin.outputs), all, 'float64');
    const reference = Object.fromEntries(names.map((name, i) => [name, exact[i]]));
    near(reference['loss'], [member.loss], 1e-6, 'loss');
    for (const name of learned) near(reference[`gradient.${name}`], member.gradients[name], 1e-5, name);
    const spec = modelSpec(outputs);
    const runner = await createOrtRunner(emitOnnx(graph, { outputs }), spec);
    const found = await runner.run(feedsOf(spec.inputs));
    near(found['loss'], [member.loss], 1e-5, 'loss');
    for (const { name, learned } of network.parameters) {
      const gradient = found[`gradient.${name}`];
      if (learned === false) expect(gradient.every((v) => v === 0)).toBe(true);
      // Layer normalisation of two channels magnifies rounding.
      else near(gradient, member.gradients[name], member.layerNorm ? 1e-2 : 2e-4, name);
    }
    await runner.release();
  });

  it('acts as PyTorch does in evaluation: one observation, several, and on the kernels', async () => {
    const observations = pixels(1);
    const one = observations.length / BATCH;
    const model = buildQValues(network, 1);
    const used = modelSpec(model.outputs).inputs;
    const initializers = Object.fromEntries(Object.entries(online.byPrefix()).filter(([name]) => name in used));
    const bytes = emitOnnx(model.graph, { outputs: model.outputs, initializers, dynamicBatch: true, foldStored: true });
    const spec = (rows: number) => ({
      inputs: { observations: { dtype: 'uint8', shape: [rows, CHANNELS, SIDE, SIDE] } as const },
      outputs: { q: { dtype: 'float32', shape: [rows, ACTIONS] } as const },
    });
    for (const rows of [1, BATCH]) {
      const runner = await createOrtRunner(bytes, spec(rows));
      const { q } = await runner.run({ observations: observations.slice(0, rows * one) });
      near(q, member.q.slice(0, rows * ACTIONS), 1e-4, `exported, ${rows}`);
      await runner.release();
    }
    // What pages and kernels read of the file.
    const read = readGraph(bytes, BATCH);
    near(evaluate([read.outputs['q']!], { observations, ...read.weights })[0], member.q, 1e-4, 'read back');
    const { outputs } = buildQValues(network, BATCH);
    const runner = await createKernelRunner(outputs);
    near((await runner.run(feedsOf(runner.inputs)))['q'], member.q, 1e-4, 'kernels');
  });
});

/** The kernels against the interpreter, which shares nothing with them, and SIMD against plain TypeScript, to the bit. */
import { describe, expect, it } from 'vitest';
import { buildDqnUpdate } from '../../agents/dqn.ts';
import { type DqnConfig, parseDqnConfig } from '../../agents/dqn-config.ts';
import { buildPqnUpdate } from '../../agents/pqn.ts';
import { createQNetwork } from '../../agents/q-network.ts';
import { FloatMemory } from '../../core/float-memory.ts';
import { Generator } from '../../core/random/index.ts';
import { sizeOf } from '../../core/shape.ts';
import { type ConfigChange, changed } from '../../recipes/change.ts';
import { dqnCartPole } from '../../recipes/dqn-cart-pole.ts';
import { pongFast } from '../../recipes/pong-fast.ts';
import { pqnCartPole } from '../../recipes/pqn.ts';
import * as variants from '../../recipes/variants.ts';
import { createBootstrap } from '../../train/dqn-parts.ts';
import type { GraphModel } from '../create-runner.ts';
import * as G from '../index.ts';
import { lower } from '../lowering/lower.ts';
import type { TypedArray } from '../tensor-spec.ts';
import { allocate } from '../tensor-spec.ts';
import { convolution, kernelRules } from './lowering.ts';
import { planGraph } from './plan.ts';

type Outputs = Readonly<Record<string, G.Tensor>>;

function randomFeeds(outputs: Outputs, random: Generator): Record<string, TypedArray> {
  return Object.fromEntries(
    Object.entries(G.modelSpec(outputs).inputs).map(([name, { dtype, shape }]) => {
      const feed = allocate(dtype, sizeOf(shape));
      const draw = {
        float32: () => random.normal(),
        int32: () => random.integers(2),
        uint8: () => random.integers(256),
      };
      const next = dtype === 'bool' ? draw.int32 : draw[dtype];
      for (let i = 0; i < feed.length; i++) feed[i] = next();
      return [name, feed];
    }),
  );
}

/** @param tolerance relative to the largest number of an output, at least 1. */
async function compare(outputs: Outputs, feeds: Readonly<Record<string, TypedArray>>, tolerance: number) {
  const simd = await G.createKernelRunner(outputs).run(feeds);
  const names = Object.keys(outputs);
  G.evaluate(Object.values(outputs), feeds).forEach((data, k) => {
    const largest = data.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
    data.forEach((v, i) => {
      const error = Math.abs(simd[names[k]][i] - v);
      expect(error <= tolerance * largest, `${names[k]}[${i}]: ${simd[names[k]][i]} for ${v}`).toBe(true);
    });
  });
  expect(await G.createKernelRunner(outputs, { kernel: 'reference' }).run(feeds)).toEqual(simd);
}

const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 12, 17, 33] as const;

describe('products', () => {
  it.each([
    0, 1, 2, 3, 4, 5, 6, 7,
  ])('of random sizes, transposed or not, with bias and ReLU or without (%i)', async (seed) => {
    const random = new Generator(seed);
    const [transposeA, transposeB] = [seed & 1, seed & 2].map(Boolean);
    for (let round = 0; round < 12; round++) {
      const [m, n] = [0, 1].map(() => sizes[random.integers(sizes.length)]);
      // Beyond 256 rows the second matrix is multiplied part by part.
      const k = round % 4 === 0 ? 250 + random.integers(300) : sizes[random.integers(sizes.length)];
      const graph = new G.Graph();
      const a = graph.input('a', 'float32', transposeA ? [k, m] : [m, k]);
      const b = graph.input('b', 'float32', transposeB ? [n, k] : [k, n]);
      const bias = [undefined, graph.input('row', 'float32', [n]), graph.input('column', 'float32', [m, 1])][round % 3];
      const y = G.matMul(a, b, { transposeA, transposeB, ...(bias && { bias }) });
      const outputs = { y: round % 2 === 0 ? y : G.relu(y) };
      await compare(outputs, randomFeeds(outputs, random), 3e-6);
    }
  });

  it('of a layer that is also used without its ReLU', async () => {
    const graph = new G.Graph();
    const y = G.linear(graph.input('x', 'float32', [5, 6]), graph.input('w', 'float32', [7, 6]));
    const outputs = { sum: G.reduceSum(G.add(y, G.relu(y))), y: G.relu(y) };
    await compare(outputs, randomFeeds(outputs, new Generator(1)), 1e-6);
  });
});

describe('elements', () => {
  const special = Float32Array.of(
    0,
    -0,
    1,
    -1,
    0.5,
    -2.5,
    Infinity,
    -Infinity,
    NaN,
    1e-40,
    -1e-40,
    3e38,
    88,
    -88,
    120,
    -120,
    0.004,
    20.5,
  );
  const pairs = { ...G };
  const unary = { ...G, round: (x: G.Tensor) => G.cast(G.cast(x, 'bool'), 'float32') };

  it.each([
    'abs',
    'sign',
    'neg',
    'relu',
    'exp',
    'log',
    'sqrt',
    'tanh',
    'sigmoid',
    'round',
    'softmax',
  ] as const)('%s of zeros, infinities, NaN and subnormal numbers', async (name) => {
    const graph = new G.Graph();
    const y = unary[name](graph.input('x', 'float32', name === 'softmax' ? [special.length, 1] : [special.length]));
    const [simd, reference] = await Promise.all(
      (['simd', 'reference'] as const).map((kernel) => G.createKernelRunner({ y }, { kernel }).run({ x: special })),
    );
    expect(reference['y']).toEqual(simd['y']);
    const [exact] = G.evaluate([y], { x: special });
    simd['y'].forEach((v, i) => {
      if (Number.isFinite(exact[i])) expect(Math.abs(v - exact[i])).toBeLessThanOrEqual(1.2e-7 * Math.abs(exact[i]));
      else expect(v).toBe(exact[i]);
    });
  });

  it.each([
    'add',
    'sub',
    'mul',
    'div',
    'maximum',
    'minimum',
    'greater',
    'greaterOrEqual',
    'less',
    'equal',
  ] as const)('%s of all pairs of them', async (name) => {
    const graph = new G.Graph();
    const a = graph.input('a', 'float32', [special.length, 1]);
    const y = pairs[name](a, graph.input('b', 'float32', [special.length]));
    const feeds = { a: special, b: special };
    const expected = G.evaluate([y], feeds)[0];
    for (const kernel of ['simd', 'reference'] as const) {
      const found = (await G.createKernelRunner({ y }, { kernel }).run(feeds))['y'];
      expect(Array.from(found, Number)).toEqual([...expected]);
    }
  });

  it('broadcast over any axes, and reduced over any', async () => {
    const random = new Generator(5);
    for (let round = 0; round < 40; round++) {
      const rank = 1 + random.integers(4);
      const shape = Array.from({ length: rank }, () => 1 + random.integers(6));
      const part = () => shape.map((length) => (random.random() < 0.4 ? 1 : length)).slice(random.integers(rank));
      const graph = new G.Graph();
      const [a, b, c] = [shape, part(), part()].map((s, i) => graph.input(`x${i}`, 'float32', s));
      const axes = shape.flatMap((_, axis) => (random.random() < 0.5 ? [axis] : []));
      const z = G.where(G.less(c, a), G.mul(a, b), G.maximum(b, c));
      const outputs = {
        z,
        sum: G.reduceSum(z, axes),
        most: G.reduceMax(z, axes, { keepDims: true }),
        best: G.argMax(z, random.integers(rank)),
        turned: G.transpose(z, random.permutation(rank) as number[]),
        gradient: G.gradients(G.reduceSum(G.square(z)), [b])[0],
      };
      await compare(outputs, randomFeeds(outputs, random), 2e-6);
    }
  });
});

describe('updates', () => {
  const environment = { inputShape: [4], inputDType: 'float32', actions: 3 } as const;
  const pictures = { inputShape: [4, 42, 42], inputDType: 'uint8', actions: 6 } as const;
  const small = { network: { hiddenSizes: [24, 20] } } as const;

  function dqn(...changes: readonly ConfigChange<DqnConfig>[]): GraphModel {
    const config = parseDqnConfig(changed(dqnCartPole.config, ...changes));
    const bootstrap = createBootstrap(config);
    const weighted = config.replay.kind === 'prioritized';
    return buildDqnUpdate(createQNetwork(config, environment), {
      batchSize: 9,
      bootstrap,
      weighted,
      actionMasks: true,
    });
  }
  const pqn = (recipe: typeof pqnCartPole, spec: typeof environment | typeof pictures, rows: number): GraphModel => {
    const values = { kind: 'scalar', loss: 'mse' } as const;
    return buildPqnUpdate(createQNetwork({ network: recipe.config.network, values }, spec), rows);
  };

  const updates: Readonly<Record<string, () => GraphModel>> = {
    DQN: () => dqn(small),
    'dueling, prioritized, noisy': () =>
      dqn(small, variants.duelingChange.config, variants.prioritizedChange.config, variants.noisyChange.config),
    C51: () => dqn(small, variants.categoricalChange.config),
    'QR-DQN': () => dqn(small, variants.quantileChange.config, { values: { quantiles: 20 } }),
    Munchausen: () => dqn(small, variants.munchausenChange.config, { nStep: 1 }),
    PQN: () => pqn(pqnCartPole, environment, 10),
    'PQN of pictures': () => pqn(pongFast, pictures, 3),
  };

  it.each(Object.entries(updates))('%s: gradients of the interpreter, no operator left to it', async (_, build) => {
    const { outputs } = build();
    const { first, steps } = planGraph(lower(lower(outputs, [convolution]), kernelRules), {});
    const left = [...first, ...steps].flatMap((step) => ('interpreted' in step ? [step.interpreted.node!.op] : []));
    expect(left).toEqual([]);
    await compare(outputs, randomFeeds(outputs, new Generator(2)), 1e-4);
  });
});

describe('memory', () => {
  /** gradient = 2 x w, of weights and a gradient within a memory. */
  function inPlace(spare: number) {
    const graph = new G.Graph();
    const w = graph.input('w', 'float32', [5]);
    const x = graph.input('x', 'float32', [5]);
    const outputs = { gradient: G.mul(G.mul(x, 2), w), loss: G.reduceSum(w) };
    const memory = new FloatMemory([5, 11, 5], spare);
    const [weights, around] = [memory.allocate(5), memory.allocate(11)];
    around.fill(7);
    const gradient = around.subarray(3, 8);
    const runner = G.createKernelRunner(outputs, { outputArrays: { gradient } });
    return { memory, weights, around, gradient, runner, x: Float32Array.of(1, 2, 3, 4, 5) };
  }

  it.each([
    ['with room for the rest', 4096],
    ['without', 0],
  ])('is read and written where it lies, %s', async (_, spare) => {
    const { memory, weights, around, gradient, runner, x } = inPlace(spare);
    const before = memory.room;
    for (const scale of [1, -3]) {
      weights.set([scale, 2, 3, 4, 5]);
      const fetches = await runner.run({ w: weights, x });
      expect(fetches['gradient']).toBe(gradient);
      expect([...around]).toEqual([7, 7, 7, 2 * scale, 8, 18, 32, 50, 7, 7, 7]);
      expect([...weights]).toEqual([scale, 2, 3, 4, 5]);
    }
    expect(memory.room < before).toBe(spare > 0);
    expect(memory.holds(memory.allocate(5))).toBe(true);
  });

  it('is left when other arrays are fed', async () => {
    const { weights, gradient, runner, x } = inPlace(4096);
    weights.set([1, 2, 3, 4, 5]);
    const { loss } = await runner.run({ w: weights, x });
    expect(loss[0]).toBe(15);
    const fetches = await runner.run({ w: Float32Array.of(1, 1, 1, 1, 1), x });
    expect(fetches['loss']).toBe(loss);
    expect(loss[0]).toBe(5);
    expect([...gradient]).toEqual([2, 4, 6, 8, 10]);
    // The first again, changed: it is copied now.
    weights.fill(2);
    expect((await runner.run({ w: weights, x }))['loss'][0]).toBe(10);
  });

  it('may hold an output that overwrites a feed', async () => {
    const graph = new G.Graph();
    const w = graph.input('w', 'float32', [4]);
    const y = G.add(w, 1);
    const memory = new FloatMemory([4], 4096);
    const weights = memory.allocate(4);
    const runner = G.createKernelRunner({ y, sum: G.reduceSum(w) }, { outputArrays: { y: weights } });
    weights.set([1, 2, 3, 4]);
    const { sum } = await runner.run({ w: weights });
    expect([...weights, ...sum]).toEqual([2, 3, 4, 5, 10]);
  });

  it('is left as it was by a feed that does not fit', async () => {
    const { weights, runner, x } = inPlace(4096);
    weights.fill(1);
    await runner.run({ w: weights, x });
    await expect(runner.run({ w: new Float32Array(5), x: new Float32Array(3) })).rejects.toMatchObject({
      code: 'BAD_OPTION',
    });
    expect((await runner.run({ w: weights, x }))['loss'][0]).toBe(5);
  });

  it('goes without WebAssembly', async () => {
    const graph = new G.Graph();
    const outputs = { y: G.square(graph.input('x', 'float32', [3])) };
    const { WebAssembly } = globalThis;
    Object.assign(globalThis, { WebAssembly: undefined });
    try {
      expect(await G.createKernelRunner(outputs).run({ x: Float32Array.of(1, 2, 3) })).toEqual({
        y: Float32Array.of(1, 4, 9),
      });
    } finally {
      Object.assign(globalThis, { WebAssembly });
    }
  });
});

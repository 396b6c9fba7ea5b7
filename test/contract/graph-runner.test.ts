/** What every GraphRunner keeps to; and the background runner, as far as it goes. */
import * as ortWeb from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../src/core/shape.ts';
import type { GraphModel, GraphRunner, RunnerOptions } from '../../src/graph/index.ts';
import * as G from '../../src/graph/index.ts';
import { createBackgroundRunner } from '../../src/node/onnxruntime/background-runner.ts';
import { createOrtRunner } from '../../src/node/onnxruntime/ort-runner.ts';
import { createShardedRunner } from '../../src/node/onnxruntime/sharded-runner.ts';
import { ortWebRunnerFactory } from '../../src/web/index.ts';

ortWeb.env.wasm.numThreads = 2;

/** A graph for so many rows of the batch. */
type Build = (rows: number) => GraphModel;
type Make = (
  build: Build,
  rows: number,
  options?: Pick<RunnerOptions, 'constants' | 'outputArrays'>,
) => Promise<GraphRunner>;

const runners: Record<string, Make> = {
  interpreter: async (build, rows, { constants, outputArrays } = {}) =>
    G.createInterpreterRunner(build(rows).outputs, constants, outputArrays),
  kernels: async (build, rows, options) => G.createKernelRunner(build(rows).outputs, options),
  'onnxruntime-node': (build, rows, { constants: initializers = {}, outputArrays = {} } = {}) => {
    const { graph, outputs } = build(rows);
    return createOrtRunner(G.emitOnnx(graph, { outputs, initializers }), {
      ...G.modelSpec(outputs, initializers),
      threads: 2,
      outputArrays,
    });
  },
  'onnxruntime-node, rows shared among threads': (build, rows, options) =>
    createShardedRunner(build, { batchSize: rows, shards: rows % 2 === 0 ? 2 : 1, ...options }),
  'onnxruntime-node in the background': inBackground,
  'onnxruntime-web': (build, rows, options) => {
    const { graph, outputs } = build(rows);
    return ortWebRunnerFactory(ortWeb)(graph, outputs, options);
  },
};

/**
 * Inputs without rows are constants of the background runner, outputs without rows are left out. It checks no feeds: its
 * caller fills its arrays.
 */
async function inBackground(build: Build, rows: number, { constants = {} }: RunnerOptions = {}): Promise<GraphRunner> {
  const { graph, outputs: all } = build(rows);
  const twice = G.modelSpec(build(2 * rows).outputs);
  const whole = G.modelSpec(all, constants);
  const hasRows = (kind: 'inputs' | 'outputs') => (name: string) =>
    whole[kind][name].shape[0] !== twice[kind][name].shape[0];
  const outputs = Object.fromEntries(Object.entries(all).filter(([name]) => hasRows('outputs')(name)));
  const fixed = Object.keys(whole.inputs).filter((name) => !hasRows('inputs')(name));
  const first = Object.fromEntries(fixed.map((name) => [name, new Float32Array(sizeOf(whole.inputs[name].shape))]));
  const runner = await createBackgroundRunner(graph, outputs, { ...constants, ...first });
  return {
    ...whole,
    async run(feeds) {
      const now = Object.fromEntries(fixed.map((name) => [name, feeds[name] as Float32Array]));
      if (fixed.length > 0) runner.setConstants({ ...constants, ...now });
      for (const name in runner.inputs) runner.inputs[name].set(feeds[name]!);
      runner.start(rows);
      runner.finish();
      return runner.outputs;
    },
    release: () => runner.release(),
  };
}

/** y = x W, doubled = 2 y, best = argmax y, of x [rows, 3] and W [3, 2]. */
function product(rows: number): GraphModel {
  const graph = new G.Graph();
  const x = graph.input('x', 'float32', [rows, 3]);
  const y = G.matMul(x, graph.input('w', 'float32', [3, 2]));
  return { graph, outputs: { y, doubled: G.mul(y, 2), best: G.argMax(y) } };
}

describe.each(Object.entries(runners))('%s', (_, make) => {
  /** Of two rows. */
  async function example(options?: RunnerOptions) {
    const runner = await make(product, 2, options);
    const feeds = { x: Float32Array.of(1, 2, 3, 4, 5, 6), w: Float32Array.of(1, 0, 0, 1, 1, -1) };
    return { runner, feeds };
  }

  it('computes all outputs', async () => {
    const { runner, feeds } = await example();
    const { y, doubled, best } = await runner.run(feeds);
    expect([...y]).toEqual([4, -1, 10, -1]);
    expect([...doubled]).toEqual([8, -2, 20, -2]);
    expect(best).toEqual(Int32Array.of(0, 0));
    await runner.release();
  });

  it('describes its inputs and outputs', async () => {
    const { runner } = await example();
    expect(runner.inputs).toEqual({ x: { dtype: 'float32', shape: [2, 3] }, w: { dtype: 'float32', shape: [3, 2] } });
    expect(runner.outputs['best']).toEqual({ dtype: 'int32', shape: [2] });
    await runner.release();
  });

  it('keeps constants as they were, and ignores feeds for them', async () => {
    const w = Float32Array.of(1, 0, 0, 1, 1, -1);
    const { runner, feeds } = await example({ constants: { w } });
    w.fill(0);
    expect(Object.keys(runner.inputs)).toEqual(['x']);
    expect([...(await runner.run({ x: feeds.x }))['y']]).toEqual([4, -1, 10, -1]);
    if (make !== inBackground) expect([...(await runner.run({ x: feeds.x, w }))['y']]).toEqual([4, -1, 10, -1]);
    await runner.release();
  });

  it.skipIf(make === inBackground)('writes into the arrays that the caller names, over any memory', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(6 * 4), 4, 4);
    const own = new Float32Array(6).subarray(1, 5);
    const { runner, feeds } = await example({ outputArrays: { y: shared, doubled: own } });
    for (const scale of [1, 3]) {
      const { y, doubled } = await runner.run({ ...feeds, x: feeds.x.map((v) => scale * v) });
      expect(y).toBe(shared);
      expect(doubled).toBe(own);
      expect([...shared]).toEqual([4, -1, 10, -1].map((v) => scale * v));
      expect([...own]).toEqual([8, -2, 20, -2].map((v) => scale * v));
      for (const { buffer } of [shared, own]) {
        const [before, after] = [new Float32Array(buffer)[0], new Float32Array(buffer)[5]];
        expect([before, after]).toEqual([0, 0]);
      }
    }
    await runner.release();
  });

  // From 8 to 64 rows and half a million weights on, the product is written the other way round.
  it.each([7, 8, 64, 65])('multiplies %i rows by many weights', async (rows) => {
    const [inputs, outputs] = [1024, 512];
    const build: Build = (count) => {
      const graph = new G.Graph();
      const x = graph.input('x', 'float32', [count, inputs]);
      const w = graph.input('w', 'float32', [outputs, inputs]);
      return { graph, outputs: { y: G.relu(G.linear(x, w, graph.input('b', 'float32', [outputs]))) } };
    };
    const runner = await make(build, rows);
    // x is r at column r, so that row r of the product is r times column r of the weights.
    const feeds = {
      x: new Float32Array(rows * inputs).map((_, at) => (at % inputs === Math.floor(at / inputs) ? at % inputs : 0)),
      w: new Float32Array(outputs * inputs).map((_, at) => (at % 7) - 3),
      b: new Float32Array(outputs).map((_, at) => at),
    };
    const result = (await runner.run(feeds))['y'];
    const expected = Float32Array.from({ length: rows * outputs }, (_, at) => {
      const [row, column] = [Math.floor(at / outputs), at % outputs];
      return Math.max(0, row * feeds.w[column * inputs + row] + column);
    });
    expect(result).toEqual(expected);
    await runner.release();
  });

  it('sees refilled feeds and other arrays, and writes into the same outputs', async () => {
    const { runner, feeds } = await example();
    const first = await runner.run(feeds);
    const y = first['y'];
    feeds.x.fill(0, 0, 3);
    const second = await runner.run(feeds);
    expect(second['y']).toBe(y);
    expect([...y]).toEqual([0, 0, 10, -1]);
    await runner.run({ ...feeds, x: new Float32Array(6).fill(1) });
    expect([...y]).toEqual([2, 0, 2, 0]);
    expect([...feeds.x]).toEqual([0, 0, 0, 4, 5, 6]);
    await runner.release();
  });

  it('takes bytes, bools and views into larger arrays', async () => {
    const build: Build = (rows) => {
      const graph = new G.Graph();
      const mask = graph.input('mask', 'bool', [rows]);
      const pixels = G.cast(graph.input('pixels', 'uint8', [rows]), 'float32');
      return { graph, outputs: { y: G.where(mask, pixels, -1), not: G.logicalNot(mask) } };
    };
    const runner = await make(build, 4);
    const memory = Uint8Array.of(9, 9, 0, 128, 255, 7, 9);
    const { y, not } = await runner.run({ pixels: memory.subarray(2, 6), mask: Uint8Array.of(1, 0, 1, 1) });
    expect([...y]).toEqual([0, -1, 255, 7]);
    expect([...not]).toEqual([0, 1, 0, 0]);
    await runner.release();
  });

  it('takes views of shared memory, refilled', async () => {
    const { runner, feeds } = await example();
    const memory = new SharedArrayBuffer(16 * 4);
    const shared = { x: new Float32Array(memory, 4, 6), w: new Float32Array(memory, 28, 6) };
    for (const name of ['x', 'w'] as const) shared[name].set(feeds[name]);
    const { y } = await runner.run(shared);
    expect([...y]).toEqual([4, -1, 10, -1]);
    shared.x.fill(0, 0, 3);
    expect([...(await runner.run(shared))['y']]).toEqual([0, 0, 10, -1]);
    shared.w.fill(1);
    expect([...(await runner.run({ ...feeds, w: shared.w }))['y']]).toEqual([6, 6, 15, 15]);
    expect([...shared.x]).toEqual([0, 0, 0, 4, 5, 6]);
    await runner.release();
  });

  it('gives outputs that are inputs, constants or named twice', async () => {
    const build: Build = (rows) => {
      const graph = new G.Graph();
      const x = graph.input('x', 'float32', [rows]);
      const y = G.relu(x);
      return { graph, outputs: { same: x, a: y, b: y, fixed: graph.constant([7, 8]), stopped: G.stopGradient(y) } };
    };
    const runner = await make(build, 2);
    const fetches = await runner.run({ x: Float32Array.of(-1, 2) });
    const plain = Object.fromEntries(Object.entries(fetches).map(([name, data]) => [name, [...data]]));
    const withRows = { same: [-1, 2], a: [0, 2], b: [0, 2], stopped: [0, 2] };
    expect(plain).toEqual(make === inBackground ? withRows : { ...withRows, fixed: [7, 8] });
    await runner.release();
  });

  it('repeats bit for bit', async () => {
    const size = 40;
    const build: Build = (rows) => {
      const graph = new G.Graph();
      const x = graph.input('x', 'float32', [rows, 3, size, size]);
      const w = graph.input('w', 'float32', [16, 3, 3, 3]);
      const loss = G.reduceMean(G.square(G.tanh(G.conv2d(x, w))));
      const [dx, dw] = G.gradients(loss, [x, w]);
      return { graph, outputs: { loss, dx, dw } };
    };
    const feeds = {
      x: Float32Array.from({ length: 4 * 3 * size * size }, (_, i) => Math.sin(i * 0.7)),
      w: Float32Array.from({ length: 16 * 27 }, (_, i) => Math.cos(i * 1.3)),
    };
    const runs: Record<string, G.TypedArray>[] = [];
    for (let session = 0; session < 2; session++) {
      const runner = await make(build, 4);
      for (let i = 0; i < (session === 0 ? 3 : 1); i++) {
        const fetches = await runner.run(feeds);
        runs.push(Object.fromEntries(Object.entries(fetches).map(([name, data]) => [name, data.slice()])));
      }
      await runner.release();
    }
    for (const gradient of [runs[0]['dx'], runs[0]['dw'] ?? []]) {
      expect(gradient.every((v) => Number.isFinite(v) && v !== 0)).toBe(true);
    }
    for (const run of runs) expect(run).toEqual(runs[0]);
  });

  it.skipIf(make === inBackground)('refuses feeds that do not fit', async () => {
    const { runner, feeds } = await example();
    const refusal = (text: string) =>
      expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining(text) });
    await expect(runner.run({ x: feeds.x })).rejects.toEqual(refusal('feed "w": got undefined'));
    await expect(runner.run({ ...feeds, w: new Float32Array(5) })).rejects.toEqual(
      refusal('a Float32Array of 6 elements'),
    );
    await expect(runner.run({ ...feeds, w: new Int32Array(6) })).rejects.toEqual(
      refusal('feed "w": got Int32Array(6)'),
    );
    await runner.release();
  });

  it('ignores feeds that no input has', async () => {
    const { runner, feeds } = await example();
    const plain = Object.entries(await runner.run(feeds)).map(([name, data]) => [name, data.slice()]);
    expect(Object.entries(await runner.run({ ...feeds, z: feeds.x }))).toEqual(plain);
    await runner.release();
  });

  // The interpreter and the kernels are done when the call returns.
  it.skipIf(make === inBackground || make === runners['interpreter'] || make === runners['kernels'])(
    'refuses a second run at the same time',
    async () => {
      const { runner, feeds } = await example();
      const first = runner.run(feeds);
      const wrongOrder = expect.objectContaining({ code: 'WRONG_ORDER' });
      await expect(runner.run({ ...feeds, x: new Float32Array(6) })).rejects.toEqual(wrongOrder);
      await expect(runner.release()).rejects.toEqual(wrongOrder);
      expect([...(await first)['y']]).toEqual([4, -1, 10, -1]);
      expect([...(await runner.run(feeds))['y']]).toEqual([4, -1, 10, -1]);
      await runner.release();
    },
  );

  it('refuses to run once released', async () => {
    const { runner, feeds } = await example();
    await runner.release();
    await runner.release();
    await expect(runner.run(feeds)).rejects.toMatchObject({ code: 'WRONG_ORDER' });
  });
});

describe('createOrtRunner', () => {
  it('refuses bytes that are no model, and options out of range', async () => {
    const specs = { inputs: {}, outputs: {} };
    const garbage = Uint8Array.from({ length: 100 }, (_, i) => i);
    await expect(createOrtRunner(garbage, specs)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(createOrtRunner(garbage, { ...specs, threads: 0 })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});

/** What every GraphRunner keeps to. */
import { describe, expect, it } from 'vitest';
import { OptionError } from '../../src/core/errors.ts';
import type { GraphRunner } from '../../src/graph/index.ts';
import * as G from '../../src/graph/index.ts';
import { createOrtRunner } from '../../src/node/onnxruntime/ort-runner.ts';

type Make = (
  graph: G.Graph,
  outputs: Record<string, G.Tensor>,
  constants?: Record<string, Float32Array>,
) => Promise<GraphRunner>;

const runners: Record<string, Make> = {
  interpreter: async (_, outputs, constants) => G.createInterpreterRunner(outputs, constants),
  'onnxruntime-node': (graph, outputs, initializers = {}) =>
    createOrtRunner(G.emitOnnx(graph, { outputs, initializers }), {
      ...G.modelSpec(outputs, initializers),
      threads: 2,
    }),
};

describe.each(Object.entries(runners))('%s', (_, make) => {
  /** y = x W, doubled = 2 y, best = argmax y, of x [2, 3] and W [3, 2]. */
  async function example() {
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', [2, 3]);
    const w = graph.input('w', 'float32', [3, 2]);
    const y = G.matMul(x, w);
    const runner = await make(graph, { y, doubled: G.mul(y, 2), best: G.argMax(y) });
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

  it('keeps constants as they were, and takes no feeds for them', async () => {
    const graph = new G.Graph();
    const [x, w] = [graph.input('x', 'float32', [1, 2]), graph.input('w', 'float32', [2, 1])];
    const weights = Float32Array.of(3, 4);
    const runner = await make(graph, { y: G.matMul(x, w) }, { w: weights });
    weights.fill(0);
    expect(Object.keys(runner.inputs)).toEqual(['x']);
    expect([...(await runner.run({ x: Float32Array.of(1, 10) }))['y']]).toEqual([43]);
    await expect(runner.run({ x: Float32Array.of(1, 10), w: weights })).rejects.toThrow(OptionError);
    await runner.release();
  });

  // From 8 to 64 rows and half a million weights on, the product is written the other way round.
  it.each([7, 8, 64, 65])('multiplies %i rows by many weights', async (rows) => {
    const graph = new G.Graph();
    const [inputs, outputs] = [1024, 512];
    const x = graph.input('x', 'float32', [rows, inputs]);
    const w = graph.input('w', 'float32', [outputs, inputs]);
    const y = G.relu(G.linear(x, w, graph.input('b', 'float32', [outputs])));
    const runner = await make(graph, { y });
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
    const graph = new G.Graph();
    const pixels = graph.input('pixels', 'uint8', [3]);
    const mask = graph.input('mask', 'bool', [3]);
    const runner = await make(graph, { y: G.where(mask, G.cast(pixels, 'float32'), -1), not: G.logicalNot(mask) });
    const memory = Uint8Array.of(9, 9, 0, 128, 255, 9);
    const { y, not } = await runner.run({ pixels: memory.subarray(2, 5), mask: Uint8Array.of(1, 0, 1) });
    expect([...y]).toEqual([0, -1, 255]);
    expect(not).toEqual(Uint8Array.of(0, 1, 0));
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
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', [2]);
    const y = G.relu(x);
    const runner = await make(graph, {
      same: x,
      a: y,
      b: y,
      fixed: graph.constant([7, 8]),
      stopped: G.stopGradient(y),
    });
    const fetches = await runner.run({ x: Float32Array.of(-1, 2) });
    const plain = Object.fromEntries(Object.entries(fetches).map(([name, data]) => [name, [...data]]));
    expect(plain).toEqual({ same: [-1, 2], a: [0, 2], b: [0, 2], fixed: [7, 8], stopped: [0, 2] });
    await runner.release();
  });

  it('repeats bit for bit', async () => {
    const size = 40;
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', [4, 3, size, size]);
    const w = graph.input('w', 'float32', [16, 3, 3, 3]);
    const loss = G.reduceSum(G.square(G.tanh(G.conv2d(x, w))));
    const [dx, dw] = G.gradients(loss, [x, w]);
    const feeds = {
      x: Float32Array.from({ length: 4 * 3 * size * size }, (_, i) => Math.sin(i * 0.7)),
      w: Float32Array.from({ length: 16 * 27 }, (_, i) => Math.cos(i * 1.3)),
    };
    const runs: Record<string, G.TypedArray>[] = [];
    for (let session = 0; session < 2; session++) {
      const runner = await make(graph, { loss, dx, dw });
      for (let i = 0; i < (session === 0 ? 3 : 1); i++) {
        const fetches = await runner.run(feeds);
        runs.push(Object.fromEntries(Object.entries(fetches).map(([name, data]) => [name, data.slice()])));
      }
      await runner.release();
    }
    expect(runs[0]['dw'].every((v) => Number.isFinite(v) && v !== 0)).toBe(true);
    for (const run of runs) expect(run).toEqual(runs[0]);
  });

  it('refuses feeds that do not fit', async () => {
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
    await expect(runner.run({ ...feeds, z: feeds.x })).rejects.toEqual(refusal('allowed is one of x, w'));
    await runner.release();
  });

  it('refuses to run once released', async () => {
    const { runner, feeds } = await example();
    await runner.release();
    await runner.release();
    await expect(runner.run(feeds)).rejects.toMatchObject({ code: 'WRONG_ORDER' });
  });
});

describe('createOrtRunner', () => {
  it('refuses a second run while one is under way', async () => {
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', [2]);
    const runner = await runners['onnxruntime-node'](graph, { y: G.relu(x) });
    const first = runner.run({ x: new Float32Array(2) });
    await expect(runner.run({ x: new Float32Array(2) })).rejects.toMatchObject({ code: 'WRONG_ORDER' });
    await first;
    await runner.release();
  });

  it('refuses bytes that are no model, and options out of range', async () => {
    const specs = { inputs: {}, outputs: {} };
    const garbage = Uint8Array.from({ length: 100 }, (_, i) => i);
    await expect(createOrtRunner(garbage, specs)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(createOrtRunner(garbage, { ...specs, threads: 0 })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});

import { describe, expect, it, vi } from 'vitest';
import { emitOnnx, Graph, modelSpec, mul } from '../graph/index.ts';
import { Adam } from '../nn/adam.ts';
import { RmsProp } from '../nn/rms-prop.ts';
import { createOrtRunner } from '../node/onnxruntime/ort-runner.ts';
import { UnavailableError } from './errors.ts';
import { FloatMemory } from './float-memory.ts';

describe('FloatMemory', () => {
  it('gives zero-filled arrays that do not overlap', () => {
    const memory = new FloatMemory([5, 3, 8]);
    const arrays = [8, 5, 3].map((length) => memory.allocate(length));
    for (const [i, array] of arrays.entries()) {
      expect([...array]).toEqual(Array(array.length).fill(0));
      array.fill(i + 1);
    }
    expect(arrays.map((array) => [...new Set(array)])).toEqual([[1], [2], [3]]);
    expect(() => memory.allocate(1)).toThrow('FloatMemory of 20 cannot give 1 more');
  });

  it('of more than 4 GB is refused in one line', () => {
    const make = (): FloatMemory => new FloatMemory([65_536 * 65_536, 8]);
    expect(make).toThrow(UnavailableError);
    expect(make).toThrow(
      'Memory of 16.0 GB for weights, gradients and moments is not to be had: make the network smaller.',
    );
  });

  it('goes without kernels where nothing may be compiled', () => {
    // What is compiled once is known from then on: first without.
    const [without, kernel] = [false, true].map((compiles) => {
      if (!compiles) {
        vi.spyOn(WebAssembly, 'Module').mockImplementation(function refuse() {
          throw new WebAssembly.CompileError("'wasm-unsafe-eval' is not an allowed source of script");
        });
      }
      const memory = new FloatMemory([4, 4, ...RmsProp.lengths(4)]);
      const [params, gradient] = [memory.allocate(4), memory.allocate(4)];
      gradient.set([1, -2, 3, 0.5]);
      const optimizer = new RmsProp(4, { learningRate: 0.01, memory });
      for (let step = 0; step < 3; step++) optimizer.step(params, gradient);
      vi.restoreAllMocks();
      return params;
    });
    for (let i = 0; i < 4; i++) expect(without[i]).toBeCloseTo(kernel[i], 6);
    expect(without[0]).not.toBe(0);
  });

  it('has spare room, and is known by its arrays', () => {
    const memory = new FloatMemory([5], 6);
    expect(memory.room).toBe(16);
    const array = memory.allocate(5);
    expect(array.byteOffset).toBeGreaterThan(0);
    expect(memory.room).toBe(8);
    expect(FloatMemory.of(array.subarray(2))).toBe(memory);
    expect(FloatMemory.of(new Float32Array(4))).toBeUndefined();
    memory.allocate(6);
    expect(memory.room).toBe(0);
  });

  it('knows its whole arrays', () => {
    const memory = new FloatMemory([8, 8]);
    const array = memory.allocate(8);
    expect(memory.holds(array)).toBe(true);
    expect(memory.holds(new Float32Array(array.buffer, array.byteOffset, 8))).toBe(true);
    // Parts would let a kernel of four lanes write into what follows.
    expect(memory.holds(array.subarray(0, 6))).toBe(false);
    expect(memory.holds(array.subarray(4))).toBe(false);
    expect(memory.holds(new FloatMemory([8]).allocate(8))).toBe(false);
    expect(memory.holds(new Float32Array(8))).toBe(false);
  });

  it('is read and written by ONNX Runtime, and seen by the optimizer, without copies', async () => {
    const size = 1000;
    const memory = new FloatMemory([size, size, ...Adam.lengths(size)]);
    const params = memory.allocate(size);
    const gradient = memory.allocate(size);
    const start = params.map((_, i) => (i % 7) - 3);
    params.set(start);
    const graph = new Graph();
    const p = graph.input('p', 'float32', [size]);
    // The gradient of the sum of squares.
    const outputs = { g: mul(p, graph.constant(2)) };
    const runner = await createOrtRunner(emitOnnx(graph, { outputs }), {
      ...modelSpec(outputs),
      outputArrays: { g: gradient },
    });
    const adam = new Adam(size, { learningRate: 0.01, memory });
    for (let step = 0; step < 2; step++) {
      await runner.run({ p: params });
      expect([...gradient]).toEqual([...params].map((x) => 2 * x));
      adam.step(params, gradient);
    }
    // Adam's first steps are nearly the learning rate each.
    for (let i = 0; i < size; i++) expect(params[i]).toBeCloseTo(start[i] - 0.02 * Math.sign(start[i]), 4);
    await runner.release();
  });
});

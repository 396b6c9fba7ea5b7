import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FileFormatError } from '../core/errors.ts';
import { createOrtRunner } from '../node/onnxruntime/ort-runner.ts';
import { add, cast, emitOnnx, evaluate, Graph, minimum, modelSpec } from './index.ts';
import { readGraph } from './read-graph.ts';

const shipped = (name: string): Uint8Array => readFileSync(new URL(`../../models/${name}.onnx`, import.meta.url));

describe('readGraph', () => {
  it.each([
    ['pole', [3, 4], 'float32'],
    ['pong', [2, 4, 42, 42], 'uint8'],
  ] as const)('gives what onnxruntime gives for the file: %s', async (name, shape, dtype) => {
    const { outputs, weights } = readGraph(shipped(name), shape[0]);
    const length = shape.reduce((product, side) => product * side, 1);
    const observations =
      dtype === 'uint8'
        ? Uint8Array.from({ length }, (_, i) => (i * 7919) % 256)
        : Float32Array.from({ length }, (_, i) => Math.sin(i) / 3);
    const [expected] = [await createOrtRunner(shipped(name), modelSpec(outputs, weights))];
    const { q } = await expected.run({ observations });
    const [actual] = evaluate([outputs['q']], { observations, ...weights });
    expect(actual.length).toBe(q.length);
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(q[i], 4);
    });
    await expected.release();
  });

  it('refuses operators that it does not read, by name', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1, 2]);
    const bytes = emitOnnx(graph, { outputs: { y: add(minimum(x, 0), cast(graph.constant(1), 'float32')) } });
    expect(() => readGraph(bytes, 1, 'my.onnx')).toThrow(FileFormatError);
    expect(() => readGraph(bytes, 1, 'my.onnx')).toThrow(/my\.onnx.*operator Min/);
    expect(() => readGraph(Uint8Array.of(1, 2, 3), 1)).toThrow(FileFormatError);
  });
});

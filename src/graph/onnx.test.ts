import { describe, expect, it } from 'vitest';
import { createOrtRunner } from '../node/onnxruntime/ort-runner.ts';
import * as G from './index.ts';
import { decodeModel } from './onnx-schema.ts';

/** A tiny convolutional network with weights from outside, as an exported model. */
function exported() {
  const graph = new G.Graph();
  const x = graph.input('x', 'uint8', [2, 1, 4, 4]);
  const w = graph.input('conv.0.weight', 'float32', [2, 1, 2, 2]);
  const v = graph.input('fc.0.weight', 'float32', [3, 18]);
  const features = G.flatten(G.relu(G.conv2d(G.mul(G.cast(x, 'float32'), 1 / 255), w)));
  const q = G.linear(features, v);
  const initializers = {
    'conv.0.weight': Float32Array.of(1, -1, 0.5, 2, -1, 1, 0.25, -0.5),
    'fc.0.weight': Float32Array.from({ length: 54 }, (_, i) => Math.sin(i)),
  };
  const metadata = { environment: 'Pong', note: 'ünïcode' };
  const bytes = G.emitOnnx(graph, { outputs: { q }, initializers, dynamicBatch: true, metadata });
  return { graph, x, w, v, q, initializers, metadata, bytes };
}

describe('emitOnnx', () => {
  it('writes a model that runs with any batch', async () => {
    const { q, initializers, bytes } = exported();
    const pixels = Uint8Array.from({ length: 5 * 16 }, (_, i) => (i * 53) % 256);
    const spec = {
      inputs: { x: { dtype: 'uint8', shape: [5, 1, 4, 4] } },
      outputs: { q: { dtype: 'float32', shape: [5, 3] } },
    } as const;
    const runner = await createOrtRunner(bytes, spec);
    const actual = (await runner.run({ x: pixels }))['q'];
    for (let row = 0; row < 5; row += 2) {
      const two = new Uint8Array(32);
      two.set(pixels.subarray(row * 16, row * 16 + 32));
      const [reference] = G.evaluate([q], { x: two, ...initializers });
      for (let k = 0; k < 3; k++) expect(actual[row * 3 + k]).toBeCloseTo(reference[k], 5);
    }
    await runner.release();
  });

  it('stores what only stored weights decide, as layers use it', async () => {
    const { graph, x, w, v, q, initializers } = exported();
    const scaled = G.flatten(G.relu(G.conv2d(G.cast(x, 'float32'), G.mul(w, 1 / 255))));
    const sameQ = G.linear(scaled, v);
    const bytes = G.emitOnnx(graph, { outputs: { q: sameQ }, initializers, foldStored: true });
    const model = G.readOnnx(bytes);
    expect(Object.keys(model.initializers).sort()).toEqual(['conv.0.weight.folded', 'fc.0.weight']);
    expect([...model.initializers['conv.0.weight.folded'].data]).toEqual(
      [...initializers['conv.0.weight']].map((w) => Math.fround(w * Math.fround(1 / 255))),
    );
    const decoded = decodeModel(bytes);
    expect(decoded.graph.node.map(({ opType }) => opType)).not.toContain('Mul');
    const pixels = Uint8Array.from({ length: 32 }, (_, i) => (i * 53) % 256);
    const runner = await createOrtRunner(bytes, G.modelSpec({ q: sameQ }, initializers));
    const actual = (await runner.run({ x: pixels }))['q'];
    const [reference] = G.evaluate([q], { x: pixels, ...initializers });
    for (let k = 0; k < 6; k++) expect(actual[k]).toBeCloseTo(reference[k], 5);
    await runner.release();
  });

  it('writes attributes that are 0', () => {
    const { bytes } = exported();
    const { graph } = decodeModel(bytes);
    const gemm = graph.node.find(({ opType }) => opType === 'Gemm');
    const written = gemm?.attribute.filter((attribute) => Object.hasOwn(attribute, 'i'));
    expect(written?.map(({ name, i }) => [name, Number(i)])).toEqual(
      expect.arrayContaining([
        ['transA', 0],
        ['transB', 1],
      ]),
    );
  });

  it('leaves out what the outputs do not need', () => {
    const { graph, x } = exported();
    const model = G.readOnnx(G.emitOnnx(graph, { outputs: { y: G.cast(x, 'float32') } }));
    expect(Object.keys(model.inputs)).toEqual(['x']);
    expect(model.outputs).toEqual({ y: { dtype: 'float32', shape: [2, 1, 4, 4] } });
    expect(model.initializers).toEqual({});
  });

  it('refuses names and weights that do not fit', () => {
    const { graph, q } = exported();
    const emit = (options: Partial<G.EmitOptions>) => () => G.emitOnnx(graph, { outputs: { q }, ...options });
    expect(emit({ outputs: { x: q } })).toThrow('output name: got "x"');
    expect(emit({ initializers: { y: new Float32Array(1) } })).toThrow('initializer: got "y"');
    expect(emit({ initializers: { 'fc.0.weight': new Float32Array(1) } })).toThrow(
      '1 elements do not fill fc.0.weight',
    );
    expect(emit({ outputs: { q: new G.Graph().constant(1) } })).toThrow('output q belongs to another graph');
  });
});

describe('readOnnx', () => {
  it('reads back what was written', () => {
    const { initializers, metadata, bytes } = exported();
    const model = G.readOnnx(bytes);
    expect(model.inputs).toEqual({ x: { dtype: 'uint8', shape: ['N', 1, 4, 4] } });
    expect(model.outputs).toEqual({ q: { dtype: 'float32', shape: ['N', 3] } });
    expect(model.metadata).toEqual(metadata);
    expect(model.initializers['conv.0.weight']).toEqual({
      dtype: 'float32',
      shape: [2, 1, 2, 2],
      data: initializers['conv.0.weight'],
    });
    expect(model.initializers['fc.0.weight'].data).toEqual(initializers['fc.0.weight']);
  });

  it('refuses every cut-off file with one clear line', () => {
    const { bytes } = exported();
    for (let length = 0; length < bytes.length; length++) {
      expect(() => G.readOnnx(bytes.subarray(0, length), 'best.onnx')).toThrow(
        expect.objectContaining({ code: 'BAD_FILE', message: expect.stringMatching(/^best\.onnx: .+\. .+$/) }),
      );
    }
  });

  it('never throws anything else on damaged bytes', () => {
    const { bytes } = exported();
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] ^= 0xff;
      try {
        G.readOnnx(damaged);
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_FILE' });
      }
    }
  });

  it('refuses other files', () => {
    expect(() => G.readOnnx(new TextEncoder().encode('{"config": {}}'))).toThrow('model: not an ONNX model');
    expect(() => G.readOnnx(new Uint8Array(0))).toThrow('model: not an ONNX model');
  });
});

import { describe, expect, it } from 'vitest';
import { buildDqnUpdate } from '../../agents/dqn.ts';
import { scalarValues } from '../../agents/scalar.ts';
import { PICTURE_NETWORKS } from '../../nn/networks/picture-networks.ts';
import * as G from '../index.ts';
import { decodeModel } from '../onnx-schema.ts';
import { lower } from './lower.ts';
import { onnxRuntimeRules } from './onnx-runtime.ts';

/** The operators of an emitted model, in order. */
function operators(
  y: G.Tensor | Record<string, G.Tensor>,
  initializers: Readonly<Record<string, Float32Array>> = {},
): string[] {
  const outputs = y instanceof G.Tensor ? { y } : y;
  const { graph } = Object.values(outputs)[0];
  const model = decodeModel(G.emitOnnx(graph, { outputs, initializers }));
  return model.graph.node.map(({ opType }) => opType);
}

describe('chains', () => {
  const graph = new G.Graph();
  const x = graph.input('x', 'float32', [2, 3, 4]);

  it.each<[string, G.Tensor, string[]]>([
    ['two reshapes are one', G.reshape(G.reshape(x, [6, 4]), [24]), ['Reshape']],
    ['three too', G.reshape(G.reshape(G.reshape(x, [6, 4]), [24]), [4, 6]), ['Reshape']],
    ['a reshape back is none', G.abs(G.reshape(G.reshape(x, [24]), [2, 3, 4])), ['Abs']],
    ['two transpositions are one', G.transpose(G.transpose(x, [1, 0, 2]), [0, 2, 1]), ['Transpose']],
    ['one and its inverse are none', G.abs(G.transpose(G.transpose(x, [1, 2, 0]), [2, 0, 1])), ['Abs']],
    ['a reshape of a transposition stays', G.reshape(G.transpose(x), [24]), ['Transpose', 'Reshape']],
    ['stopGradient does not hide a chain', G.reshape(G.stopGradient(G.reshape(x, [24])), [6, 4]), ['Reshape']],
    [
      'what two chains have in common is computed once',
      G.add(G.exp(G.reshape(G.reshape(x, [24]), [6, 4])), G.exp(G.reshape(x, [6, 4]))),
      ['Reshape', 'Exp', 'Add'],
    ],
  ])('%s', (_, y, expected) => {
    expect(operators(y)).toEqual(expected);
    const feeds = { x: Array.from({ length: 24 }, (_, i) => i - 11) };
    const [lowered] = G.evaluate(
      Object.values(
        lower(
          { y },
          onnxRuntimeRules(() => false),
        ),
      ),
      feeds,
    );
    expect(lowered).toEqual(G.evaluate([y], feeds)[0]);
  });

  it('gives the middle of a chain too, where it is an output', () => {
    const middle = G.reshape(x, [24]);
    expect(operators({ middle, end: G.reshape(middle, [6, 4]) })).toEqual(['Reshape', 'Reshape']);
  });
});

describe('the gradient of ReLU', () => {
  const graph = new G.Graph();
  const x = graph.input('x', 'float32', [4]);
  const dy = graph.input('dy', 'float32', [4]);
  const gradientOf = (y: G.Tensor) => G.gradients(G.reduceSum(G.mul(y, dy)), [x])[0];

  it('is a product with a mask', () => {
    const masks = ['Where', 'Greater', 'Cast'];
    const gradient = operators(gradientOf(G.relu(x)));
    expect(gradient.filter((op) => masks.includes(op))).toEqual(['Cast', 'Cast']);
  });

  it.each<[string, G.Tensor]>([
    ['a mask of what is no ReLU', G.where(G.greater(x, 0), dy, 0)],
    ['another bound', G.where(G.greater(G.relu(x), 0.5), dy, 0)],
    ['another value elsewhere', G.where(G.greater(G.relu(x), 0), dy, 1)],
    ['a broadcast mask', G.where(G.greater(G.relu(x), 0), G.reshape(dy, [4, 1]), 0)],
  ])('leaves %s alone', (_, y) => {
    expect(operators(y)).toContain('Where');
  });
});

describe('a product of few rows', () => {
  const layer = (rows: number, outputs = 512) => {
    const graph = new G.Graph();
    const w = graph.input('w', 'float32', [outputs, 1024]);
    return G.linear(graph.input('x', 'float32', [rows, 1024]), w, graph.input('b', 'float32', [outputs]));
  };

  it.each([8, 32, 64])('of %i is computed the other way round', (rows) => {
    expect(operators(layer(rows))).toEqual(['Reshape', 'Gemm', 'Transpose']);
  });

  it.each([7, 65])('of %i is not', (rows) => {
    expect(operators(layer(rows))).toEqual(['Gemm']);
  });

  it('is not, with a small matrix or one that is stored', () => {
    expect(operators(layer(32, 511))).toEqual(['Gemm']);
    expect(operators(layer(32), { w: new Float32Array(512 * 1024) })).toEqual(['Gemm']);
  });
});

describe.each(Object.entries(PICTURE_NETWORKS))('the learning step of %s', (name, create) => {
  const side = name.endsWith('-42') ? 42 : 84;
  const network = create({ inputShape: [4, side, side], actions: 6, dueling: true });
  const { graph, outputs } = buildDqnUpdate({ ...network, values: scalarValues('mse') }, { batchSize: 32 });
  const model = decodeModel(G.emitOnnx(graph, { outputs }));
  const nodes = model.graph.node;
  const byOutput = new Map(nodes.map((node) => [node.output[0], node]));

  it('has no chains of reshapes or transpositions', () => {
    for (const { opType, input } of nodes.filter(({ opType }) => opType === 'Reshape' || opType === 'Transpose')) {
      expect(byOutput.get(input[0])?.opType).not.toBe(opType);
    }
  });

  it('computes nothing in vain and nothing twice', () => {
    const read = new Set([...nodes.flatMap(({ input }) => input), ...Object.keys(outputs)]);
    for (const { output } of nodes) expect(read).toContain(output[0]);
    const uses = nodes.map(({ opType, input, attribute }) => JSON.stringify([opType, input, attribute]));
    expect(uses.filter((use, i) => uses.indexOf(use) !== i)).toEqual([]);
  });

  it('has the forms that ONNX Runtime computes faster', () => {
    const operators = new Set(nodes.map(({ opType }) => opType));
    for (const slower of ['Conv', 'ConvTranspose', 'Where', 'Sign']) expect(operators).not.toContain(slower);
  });
});

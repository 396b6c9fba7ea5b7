/**
 * Every operator against two oracles: its gradient against central differences of the interpreter in doubles, and its
 * values and gradients on ONNX Runtime and on the kernels against the interpreter in singles. Lowered for ONNX Runtime it is the same.
 */
import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../core/shape.ts';
import { createOrtRunner } from '../../node/onnxruntime/ort-runner.ts';
import type { Tensor } from '../graph.ts';
import * as G from '../index.ts';
import { convIm2col, toNhwc, toTaps } from '../lowering/im2col.ts';
import { lower } from '../lowering/lower.ts';
import { onnxRuntimeRules } from '../lowering/onnx-runtime.ts';
import type { DType, Shape, TypedArray } from '../tensor-spec.ts';
import { allocate } from '../tensor-spec.ts';
import { windowMax } from './max-pool.ts';

interface Input {
  readonly shape: Shape;
  readonly dtype?: DType;
  /** Elements; by default values of both signs between -2 and 2, none within 0.02 of 0, no two equal. */
  readonly value?: (i: number) => number;
}

interface Case {
  readonly name: string;
  readonly inputs: readonly Input[];
  build(...x: Tensor[]): Tensor;
  /** Float inputs through which no gradient passes. */
  readonly constantIn?: readonly number[];
}

const f = (...shape: number[]): Input => ({ shape });
const positive = (...shape: number[]): Input => ({ shape, value: (i) => 0.3 + Math.abs(wave(i)) });
const ints = (limit: number, ...shape: number[]): Input => ({
  shape,
  dtype: 'int32',
  value: (i) => (i * 7 + 2) % limit,
});
const bools = (...shape: number[]): Input => ({ shape, dtype: 'bool', value: (i) => ((i * 5) % 3 === 0 ? 1 : 0) });
const bytes = (...shape: number[]): Input => ({ shape, dtype: 'uint8', value: (i) => (i * 37) % 256 });

function wave(i: number): number {
  const x = 2 * Math.sin(1 + 1.7 * i + 0.013 * i * i);
  return x + Math.sign(x) * 0.02;
}

const cases: Case[] = [
  { name: 'add', inputs: [f(2, 3), f(2, 3)], build: G.add },
  { name: 'add broadcast both ways', inputs: [f(4, 1, 3), f(2, 1)], build: G.add },
  { name: 'add a number', inputs: [f(3)], build: (x) => G.add(2, x) },
  { name: 'sub', inputs: [f(2, 3), f(3)], build: G.sub },
  { name: 'mul', inputs: [f(2, 3), f(2, 1)], build: G.mul },
  { name: 'mul with itself', inputs: [f(5)], build: (x) => G.mul(x, x) },
  { name: 'div', inputs: [f(2, 3), positive(3)], build: G.div },
  { name: 'neg', inputs: [f(4)], build: G.neg },
  { name: 'square', inputs: [f(4)], build: G.square },
  { name: 'exp', inputs: [f(4)], build: G.exp },
  { name: 'log', inputs: [positive(4)], build: G.log },
  { name: 'sqrt', inputs: [positive(4)], build: G.sqrt },
  { name: 'cos', inputs: [f(4)], build: G.cos },
  { name: 'sin', inputs: [f(4)], build: G.sin },
  { name: 'tanh', inputs: [f(4)], build: G.tanh },
  { name: 'sigmoid', inputs: [f(4)], build: G.sigmoid },
  { name: 'abs', inputs: [f(6)], build: G.abs },
  { name: 'sign', inputs: [f(6)], build: G.sign },
  { name: 'relu', inputs: [f(3, 4)], build: G.relu },
  { name: 'leakyRelu', inputs: [f(3, 4)], build: (x) => G.leakyRelu(x) },
  { name: 'maximum', inputs: [f(3, 4), { shape: [4], value: (i) => wave(i + 50) }], build: G.maximum },
  { name: 'minimum', inputs: [f(3, 4), { shape: [4], value: (i) => wave(i + 50) }], build: G.minimum },
  { name: 'clip', inputs: [f(9)], build: (x) => G.clip(x, -0.7, 1.1) },
  { name: 'huber', inputs: [f(9)], build: (x) => G.huber(x) },
  { name: 'huber delta 0.5', inputs: [f(9)], build: (x) => G.huber(x, 0.5) },
  { name: 'where', inputs: [bools(2, 3), f(3), f(2, 1)], build: G.where },
  { name: 'stopGradient', inputs: [f(3), f(3)], build: (x, y) => G.mul(G.stopGradient(x), y), constantIn: [0] },
  { name: 'greater', inputs: [f(4), f(2, 1)], build: G.greater },
  { name: 'greaterOrEqual', inputs: [ints(3, 6), ints(4, 6)], build: G.greaterOrEqual },
  { name: 'less', inputs: [f(4), f(2, 1)], build: G.less },
  { name: 'equal', inputs: [ints(3, 6), ints(4, 6)], build: G.equal },
  {
    name: 'logicalAnd, logicalNot',
    inputs: [bools(6), bools(2, 1)],
    build: (x, y) => G.logicalAnd(G.logicalNot(x), y),
  },
  { name: 'cast from uint8', inputs: [bytes(2, 3)], build: (x) => G.cast(x, 'float32') },
  { name: 'cast to int32', inputs: [f(6)], build: (x) => G.cast(x, 'int32') },
  { name: 'cast to bool', inputs: [ints(2, 6)], build: (x) => G.cast(x, 'bool') },
  { name: 'matMul', inputs: [f(2, 3), f(3, 4)], build: (a, b) => G.matMul(a, b) },
  { name: 'matMul Aᵀ', inputs: [f(3, 2), f(3, 4)], build: (a, b) => G.matMul(a, b, { transposeA: true }) },
  { name: 'matMul Bᵀ', inputs: [f(2, 3), f(4, 3)], build: (a, b) => G.matMul(a, b, { transposeB: true }) },
  {
    name: 'matMul Aᵀ Bᵀ',
    inputs: [f(3, 2), f(4, 3)],
    build: (a, b) => G.matMul(a, b, { transposeA: true, transposeB: true }),
  },
  { name: 'linear', inputs: [f(2, 3), f(4, 3), f(4)], build: G.linear },
  { name: 'reduceSum all', inputs: [f(2, 3)], build: (x) => G.reduceSum(x) },
  { name: 'reduceSum axis', inputs: [f(2, 3, 2)], build: (x) => G.reduceSum(x, [0, -1]) },
  { name: 'reduceSum keepDims', inputs: [f(2, 3, 2)], build: (x) => G.reduceSum(x, 1, { keepDims: true }) },
  { name: 'reduceMean', inputs: [f(2, 3, 2)], build: (x) => G.reduceMean(x, [1, 2]) },
  { name: 'reduceMax', inputs: [f(4, 5)], build: (x) => G.reduceMax(x, 1) },
  { name: 'reduceMax keepDims', inputs: [f(4, 5)], build: (x) => G.reduceMax(x, 0, { keepDims: true }) },
  { name: 'argMax', inputs: [f(4, 5)], build: (x) => G.argMax(x) },
  { name: 'argMax axis 0', inputs: [f(4, 5, 2)], build: (x) => G.argMax(x, 0) },
  { name: 'broadcastTo', inputs: [f(3, 1)], build: (x) => G.broadcastTo(x, [2, 3, 4]) },
  { name: 'zeros', inputs: [f(3)], build: (x) => G.add(x, G.zeros(x.graph, [2, 3])) },
  { name: 'reshape', inputs: [f(2, 6)], build: (x) => G.reshape(x, [3, -1, 2]) },
  { name: 'flatten', inputs: [f(2, 3, 2)], build: G.flatten },
  { name: 'transpose', inputs: [f(2, 3, 4)], build: (x) => G.transpose(x, [2, 0, 1]) },
  { name: 'transpose twice', inputs: [f(2, 3, 4)], build: (x) => G.transpose(G.transpose(x, [2, 0, 1]), [2, 0, 1]) },
  { name: 'concat', inputs: [f(2, 3), f(2, 1), f(2, 2)], build: (...x) => G.concat(x, 1) },
  { name: 'slice', inputs: [f(4, 5)], build: (x) => G.slice(x, -1, 1, 4) },
  { name: 'crop', inputs: [f(4, 5, 2)], build: (x) => G.crop(x, [1, 0, 1], [3, 4, 2]) },
  { name: 'pad', inputs: [f(2, 3)], build: (x) => G.pad(x, [1, 0], [0, 2]) },
  { name: 'sum', inputs: [f(2, 3), f(2, 3), f(2, 3)], build: (...x) => G.sum(x) },
  { name: 'softmax', inputs: [f(3, 4)], build: (x) => G.softmax(x) },
  { name: 'softmax axis 0', inputs: [f(3, 2, 2)], build: (x) => G.softmax(x, 0) },
  { name: 'logSoftmax', inputs: [f(3, 4)], build: (x) => G.logSoftmax(x) },
  { name: 'layerNorm', inputs: [f(3, 5)], build: (x) => G.layerNorm(x) },
  { name: 'layerNorm axis 1', inputs: [f(2, 6, 2)], build: (x) => G.layerNorm(x, 1) },
  { name: 'oneHot', inputs: [ints(4, 5)], build: (x) => G.oneHot(x, 4) },
  { name: 'conv2d', inputs: [f(2, 3, 5, 6), f(4, 3, 2, 3), f(4)], build: (x, w, b) => G.conv2d(x, w, b) },
  {
    name: 'conv2d stride with rest',
    inputs: [f(2, 2, 8, 7), f(3, 2, 3, 2)],
    build: (x, w) => G.conv2d(x, w, undefined, { stride: 2 }),
  },
  {
    name: 'conv2d padding',
    inputs: [f(1, 2, 6, 6), f(2, 2, 3, 3), f(2)],
    build: (x, w, b) => G.conv2d(x, w, b, { stride: 2, padding: 1 }),
  },
  {
    name: 'conv2d dilation',
    inputs: [f(2, 1, 7, 7), f(2, 1, 2, 3)],
    build: (x, w) => G.conv2d(x, w, undefined, { dilation: 2, stride: 2 }),
  },
  { name: 'gatherRows', inputs: [f(2, 3, 2)], build: (x) => G.gatherRows(x, [2, -1, 0, 0, 1, 2]) },
  { name: 'gatherRows in runs', inputs: [f(2, 4, 2)], build: (x) => G.gatherRows(x, [2, 3, 0, 1, 2, 3, -1, -1]) },
  { name: 'gatherRows, some unused', inputs: [f(2, 4, 1)], build: (x) => G.gatherRows(x, [1]) },
  { name: 'scatterRows', inputs: [f(2, 4, 2)], build: (x) => G.scatterRows(x, [1, -1, 1, 0], 3) },
  {
    name: 'withGradient',
    inputs: [f(3)],
    build: (x) => G.withGradient(G.mul(x, G.stopGradient(x)), [x], (dy) => [G.mul(dy, G.mul(x, 2))]),
  },
  { name: 'toNhwc', inputs: [f(2, 3, 4, 6)], build: (x) => toNhwc(x, 2).tensor },
  { name: 'toTaps channels first', inputs: [f(2, 3, 4, 4)], build: (x) => toTaps(x, 2, 'first') },
  { name: 'toTaps channels last', inputs: [f(2, 3, 4, 4)], build: (x) => toTaps(x, 2, 'last') },
  {
    name: 'convIm2col into blocks',
    inputs: [f(2, 35, 2), f(4, 2, 3), f(3)],
    build: (x, w, b) =>
      convIm2col({ tensor: x, height: 5, width: 7 }, w, b, { kernel: 2, stride: 1, padding: 0, block: 2 }).tensor,
  },
  {
    name: 'convIm2col with stride and padding',
    inputs: [f(2, 35, 2), f(9, 2, 3), f(3)],
    build: (x, w, b) =>
      convIm2col({ tensor: x, height: 5, width: 7 }, w, b, { kernel: 3, stride: 2, padding: 1, block: 1 }).tensor,
  },
  {
    name: 'maxPool2d',
    inputs: [f(2, 2, 7, 6)],
    build: (x) => G.maxPool2d(x, { kernel: 3, stride: 2, padding: 1 }),
  },
  {
    name: 'maxPool2d without padding',
    inputs: [f(1, 2, 5, 7)],
    build: (x) => G.maxPool2d(x, { kernel: 2, stride: 2, padding: 0 }),
  },
  { name: 'adaptiveMaxPool2d', inputs: [f(1, 2, 11, 11)], build: (x) => G.adaptiveMaxPool2d(x, 6) },
  { name: 'adaptiveMaxPool2d of other sides', inputs: [f(2, 1, 5, 8)], build: (x) => G.adaptiveMaxPool2d(x, 3) },
  {
    name: 'windowMax',
    inputs: [f(2, 6, 3)],
    build: (x) =>
      windowMax(x, 1, [
        [0, 2],
        [1, 4],
        [5, 6],
      ]),
  },
  {
    name: 'maxPool2d, squared: its gradient depends on its value',
    inputs: [f(1, 1, 5, 5)],
    build: (x) => G.square(G.maxPool2d(x, { kernel: 3, stride: 2, padding: 1 })),
  },
  {
    name: 'convTranspose2d',
    inputs: [f(2, 3, 3, 3), f(3, 2, 2, 2)],
    build: (y, w) => G.convTranspose2d(y, w, { stride: 2 }, [7, 6]),
  },
];

/** The case's graph: result, a loss that weighs each element differently, gradients in all float inputs. */
function setUp({ inputs, build }: Case) {
  const graph = new G.Graph();
  const x = inputs.map(({ shape, dtype = 'float32' }, i) => graph.input(`x${i}`, dtype, shape));
  const feeds: Record<string, TypedArray> = {};
  inputs.forEach(({ shape, dtype = 'float32', value = wave }, i) => {
    const data = allocate(dtype, sizeOf(shape));
    data.forEach((_, k) => {
      data[k] = value(k + 11 * i);
    });
    feeds[`x${i}`] = data;
  });
  const y = build(...x);
  const floats = x.filter((tensor) => tensor.dtype === 'float32');
  if (y.dtype !== 'float32' || floats.length === 0) return { graph, feeds, y, floats, grads: [], loss: undefined };
  const weights = graph.constant(
    Array.from({ length: sizeOf(y.shape) }, (_, i) => 0.5 + Math.cos(i)),
    y.shape,
  );
  const loss = G.reduceSum(G.mul(y, weights));
  return { graph, feeds, y, floats, loss, grads: G.gradients(loss, floats) };
}

describe.each(cases)('$name', (testCase) => {
  const { graph, feeds, y, floats, loss, grads } = setUp(testCase);

  it.runIf(loss !== undefined)('has the gradient of finite differences', () => {
    const computed = G.evaluate(grads, feeds, 'float64');
    const step = 1e-5;
    floats.forEach((input, k) => {
      if (testCase.constantIn?.includes(k)) {
        expect(computed[k].every((v) => v === 0)).toBe(true);
        return;
      }
      const at = Float64Array.from(feeds[input.name!]);
      const lossAt = (i: number, value: number) => {
        const moved = at.slice();
        moved[i] = value;
        return G.evaluate([loss!], { ...feeds, [input.name!]: moved }, 'float64')[0][0];
      };
      at.forEach((v, i) => {
        const slope = (lossAt(i, v + step) - lossAt(i, v - step)) / (2 * step);
        expect(Math.abs(computed[k][i] - slope)).toBeLessThan(1e-7 * (1 + Math.abs(slope)));
      });
    });
  });

  it('is the same when lowered', () => {
    const outputs = Object.fromEntries([y, ...grads].map((tensor, i) => [`y${i}`, tensor]));
    const lowered = lower(
      outputs,
      onnxRuntimeRules(() => false),
    );
    const expected = G.evaluate(Object.values(outputs), feeds, 'float64');
    G.evaluate(Object.values(lowered), feeds, 'float64').forEach((data, k) => {
      data.forEach((v, i) => {
        expect(Math.abs(v - expected[k][i])).toBe(0);
      });
    });
  });

  it('is the same on ONNX Runtime', async () => {
    const outputs = Object.fromEntries([y, ...grads].map((tensor, i) => [`y${i}`, tensor]));
    const spec = G.modelSpec(outputs);
    const runner = await createOrtRunner(G.emitOnnx(graph, { outputs }), spec);
    const used = Object.fromEntries(Object.keys(spec.inputs).map((name) => [name, feeds[name]]));
    const fetches = await runner.run(used);
    const reference = G.evaluate([y, ...grads], feeds);
    reference.forEach((data, k) => {
      const actual = fetches[`y${k}`];
      expect(actual.length).toBe(data.length);
      data.forEach((v, i) => {
        expect(Math.abs(actual[i] - v)).toBeLessThanOrEqual(2e-6 * (1 + Math.abs(v)));
      });
    });
    await runner.release();
  });

  it('is the same on the kernels, of both kinds to the bit', async () => {
    const outputs = Object.fromEntries([y, ...grads].map((tensor, i) => [`y${i}`, tensor]));
    const simd = await G.createKernelRunner(outputs).run(feeds);
    G.evaluate([y, ...grads], feeds).forEach((data, k) => {
      data.forEach((v, i) => {
        expect(Math.abs(simd[`y${k}`][i] - v)).toBeLessThanOrEqual(2e-6 * (1 + Math.abs(v)));
      });
    });
    expect(await G.createKernelRunner(outputs, { kernel: 'reference' }).run(feeds)).toEqual(simd);
  });
});

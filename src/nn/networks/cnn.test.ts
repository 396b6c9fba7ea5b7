import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../core/shape.ts';
import * as G from '../../graph/index.ts';
import type { CnnOptions, ConvLayer } from './cnn.ts';
import { cnn } from './cnn.ts';
import type { Network } from './network.ts';
import { PICTURE_NETWORKS } from './picture-networks.ts';

const count = (network: Network) => network.parameters.reduce((n, { shape }) => n + sizeOf(shape), 0);

describe('sizes', () => {
  const options = { inputShape: [4, 84, 84], actions: 4 } as const;

  it('has the weights of the papers', () => {
    // 8224 + 32832 + 36928 + 1606144 + 2052
    expect(count(PICTURE_NETWORKS.nature(options))).toBe(1_686_180);
    // 4112 + 8224 + 663808 + 1028
    expect(count(PICTURE_NETWORKS['dqn-2013'](options))).toBe(677_172);
    // 1040 + 8224 + 9248 + 131328 + 1028, after sides of 20, 9, 4
    expect(count(PICTURE_NETWORKS['half-42']({ inputShape: [4, 42, 42], actions: 4 }))).toBe(150_868);
    // 1184 + 3 * 9248 + 73984 + 1028, after sides of 42, 21, 11, 6, 3
    expect(count(PICTURE_NETWORKS['small-42']({ inputShape: [4, 42, 42], actions: 4 }))).toBe(103_940);
  });

  it('has two streams when dueling', () => {
    const names = PICTURE_NETWORKS.nature({ ...options, dueling: true }).parameters.map(({ name }) => name);
    expect(names.slice(6)).toEqual(
      ['value', 'advantage'].flatMap((stream) =>
        ['0', '2'].flatMap((i) => [`${stream}.${i}.weight`, `${stream}.${i}.bias`]),
      ),
    );
  });

  it('refuses pictures that are too small', () => {
    expect(() => PICTURE_NETWORKS.nature({ inputShape: [4, 30, 84], actions: 4 })).toThrow(
      'nature: input [4, 30, 84] is too small',
    );
  });
});

describe('build', () => {
  const network = cnn('test', [{ filters: 2, kernel: 3, stride: 2 }], [4], { inputShape: [1, 6, 6], actions: 3 });
  const set = (graph: G.Graph, shape: number[], dtype: G.DType = 'uint8') => ({
    x: graph.input('x', dtype, shape),
    params: network.parameters.map((p) => graph.input(p.name, 'float32', p.shape)),
  });

  it('refuses observations and weights that do not fit', () => {
    const graph = new G.Graph();
    const { x, params } = set(graph, [2, 1, 6, 6]);
    expect(() => network.build(graph.input('y', 'uint8', [2, 1, 6, 5]), params)).toThrow(
      'test: input uint8[2, 1, 6, 5], allowed is uint8[B, 1, 6, 6].',
    );
    expect(() => network.build(graph.input('z', 'float32', [2, 1, 6, 6]), params)).toThrow('test: input float32');
    expect(() => network.build(x, params.slice(1))).toThrow('test: got 5 parameters, needs 6.');
    expect(() => network.build(x, [params[1], ...params.slice(1)])).toThrow('conv.0.weight is float32[2], needs');
  });

  it('writes convolutions for one observation and products for a batch', () => {
    const ops = (batch: number) => {
      const graph = new G.Graph();
      const { x, params } = set(graph, [batch, 1, 6, 6]);
      network.build(x, params);
      return graph.tensors.map((tensor) => tensor.node?.op);
    };
    expect(ops(1)).toContain('Conv');
    expect(ops(2)).not.toContain('Conv');
  });

  it('makes Q = V + A - mean A', () => {
    const dueling = cnn('test', [{ filters: 1, kernel: 1, stride: 1 }], [], {
      inputShape: [1, 1, 1],
      actions: 3,
      dueling: true,
      inputDType: 'float32',
    });
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', [1, 1, 1, 1]);
    const params = dueling.parameters.map((p) => graph.input(p.name, 'float32', p.shape));
    const q = dueling.build(x, params);
    // feature 2 * 3 + 1 = 7; V = 7 * 10 + 5 = 75; A = 7 * (1, 2, 6) + (0, 1, 2) = 7, 15, 44 with mean 22
    const values = [[2], [1], [10], [5], [1, 2, 6], [0, 1, 2]];
    const feeds = Object.fromEntries(dueling.parameters.map(({ name }, i) => [name, values[i]]));
    expect([...G.evaluate([q], { x: [3], ...feeds })[0]]).toEqual([60, 68, 97]);
  });
});

describe('im2col is NCHW', () => {
  it.each<[string, readonly [number, number, number], ConvLayer[], Partial<CnnOptions>?]>([
    [
      'Nature-like',
      [2, 28, 28],
      [
        { filters: 4, kernel: 8, stride: 4 },
        { filters: 3, kernel: 4, stride: 2 },
        { filters: 2, kernel: 2, stride: 1 },
      ],
    ],
    [
      'sides that are no multiple of the stride',
      [2, 15, 18],
      [
        { filters: 3, kernel: 4, stride: 2 },
        { filters: 2, kernel: 3, stride: 2 },
      ],
    ],
    [
      'padding',
      [2, 13, 12],
      [
        { filters: 3, kernel: 3, stride: 2, padding: 1 },
        { filters: 4, kernel: 3, stride: 2, padding: 1 },
        { filters: 2, kernel: 3, stride: 1, padding: 1 },
      ],
    ],
    [
      'a stride wider than the kernel',
      [1, 9, 9],
      [
        { filters: 2, kernel: 3, stride: 1 },
        { filters: 2, kernel: 2, stride: 3 },
      ],
    ],
    ...([{ standardizeInput: true }, { layerNorm: true }, { layerNorm: true, plainConvolutions: true }] as const).map(
      (options): [string, readonly [number, number, number], ConvLayer[], Partial<CnnOptions>] => [
        Object.keys(options).join(' and '),
        [2, 12, 12],
        [
          { filters: 3, kernel: 4, stride: 2 },
          { filters: 2, kernel: 3, stride: 1 },
        ],
        options,
      ],
    ),
  ])('%s', (_, inputShape, layers, options = {}) => {
    const network = cnn('test', layers, [5], { inputShape, actions: 3, ...options });
    const graph = new G.Graph();
    const x = graph.input('x', 'uint8', [2, ...inputShape]);
    const params = network.parameters.map((p) => graph.input(p.name, 'float32', p.shape));
    const feeds: Record<string, number[]> = {};
    for (const { name, shape } of [...network.parameters, { name: 'x', shape: x.shape }]) {
      const length = sizeOf(shape);
      feeds[name] = Array.from({ length }, (_, i) => Math.sin(i * 1.3 + length));
    }
    feeds['x'] = feeds['x'].map((v) => Math.floor(128 + 127 * v));
    const all = (['nchw', 'im2col'] as const).flatMap((convolutions) => {
      const q = network.build(x, params, { convolutions });
      const loss = G.reduceSum(G.mul(G.square(q), graph.constant([1, 2, 3])));
      return [q, ...G.gradients(loss, params)];
    });
    const values = G.evaluate(all, feeds, 'float64');
    const half = values.length / 2;
    for (let k = 0; k < half; k++) {
      expect(values[k].some((v) => v !== 0)).toBe(true);
      values[k].forEach((v, i) => {
        expect(Math.abs(v - values[half + k][i])).toBeLessThan(1e-10 * (1 + Math.abs(v)));
      });
    }
  });
});

describe('standardizeInput', () => {
  it('sees no difference between pictures that differ in brightness and contrast', () => {
    const options = { inputShape: [2, 6, 6], actions: 2, standardizeInput: true } as const;
    const network = cnn('test', [{ filters: 3, kernel: 3, stride: 1 }], [4], options);
    const graph = new G.Graph();
    const x = graph.input('x', 'uint8', [2, 2, 6, 6]);
    const params = network.parameters.map((p) => graph.input(p.name, 'float32', p.shape));
    const picture = Array.from({ length: 72 }, (_, i) => (i * 37) % 91);
    const feeds: Record<string, number[]> = { x: [...picture, ...picture.map((v) => 2 * v + 30)] };
    for (const { name, shape } of network.parameters) {
      const length = sizeOf(shape);
      feeds[name] = Array.from({ length }, (_, i) => Math.sin(i * 1.3 + length));
    }
    const [q] = G.evaluate([network.build(x, params)], feeds, 'float64');
    expect(q[0]).toBeCloseTo(q[2], 5);
    expect(q[1]).toBeCloseTo(q[3], 5);
    expect(q[0]).not.toBeCloseTo(q[1], 3);
    // One of them alone: the first weights see (x - mean) / deviation.
    const mean = picture.reduce((sum, v) => sum + v, 0) / 72;
    const deviation = Math.sqrt(picture.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 72 + 1e-5);
    const plain = cnn('test', [{ filters: 3, kernel: 3, stride: 1 }], [4], {
      ...options,
      inputDType: 'float32',
      standardizeInput: false,
    });
    const other = new G.Graph();
    const z = other.input('x', 'float32', [1, 2, 6, 6]);
    const sameParams = plain.parameters.map((p) => other.input(p.name, 'float32', p.shape));
    const inputs = { ...feeds, x: picture.map((v) => (v - mean) / deviation) };
    const [expected] = G.evaluate([plain.build(z, sameParams)], inputs, 'float64');
    expect(q[0]).toBeCloseTo(expected[0], 9);
    expect(q[1]).toBeCloseTo(expected[1], 9);
  });
});

import { describe, expect, it } from 'vitest';
import { OptionError, ShapeError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import * as G from '../graph/index.ts';
import { type HeadOptions, head, headNoise, headParameters } from './layers.ts';
import { mlp } from './networks/mlp.ts';
import type { Network } from './networks/network.ts';
import { noisyLinear } from './noisy-linear.ts';

type Arrays = Record<string, number[]>;

/** A fully connected layer in plain loops: W x + b with PyTorch's layout, noise by Fortunato et al. 2018, Eq. 9. */
function layer(x: number[], name: string, values: Arrays): number[] {
  const f = (e: number) => Math.sign(e) * Math.sqrt(Math.abs(e));
  const [weight, bias] = [values[`${name}.weight`], values[`${name}.bias`]];
  const [noiseIn, noiseOut] = [values[`${name}.input`]?.map(f), values[`${name}.output`]?.map(f)];
  return bias.map((b, o) => {
    let sum = b;
    if (noiseOut !== undefined) sum += values[`${name}.bias_sigma`][o] * noiseOut[o];
    x.forEach((value, i) => {
      const at = o * x.length + i;
      const w =
        noiseOut === undefined
          ? weight[at]
          : weight[at] + values[`${name}.weight_sigma`][at] * noiseOut[o] * noiseIn[i];
      sum += w * value;
    });
    return sum;
  });
}

/** Hidden layers of a stream and its last one: normalisation (Ba et al. 2016) and ReLU between. */
function stream(x: number[], prefix: string, hiddenLayers: number, values: Arrays): number[] {
  let y = x;
  for (let i = 0; i < hiddenLayers; i++) {
    const name = `${prefix}.${2 * i}`;
    y = layer(y, name, values);
    const scale = values[`${name}.norm.weight`];
    if (scale !== undefined) {
      const mean = y.reduce((a, b) => a + b, 0) / y.length;
      const variance = y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length;
      y = y.map((v, k) => ((v - mean) / Math.sqrt(variance + 1e-5)) * scale[k] + values[`${name}.norm.bias`][k]);
    }
    y = y.map((v) => Math.max(0, v));
  }
  return layer(y, `${prefix}.${2 * hiddenLayers}`, values);
}

/** Q of one observation: V + A - mean A, atom by atom, where it has two streams. */
function qValues(x: number[], hiddenLayers: number, values: Arrays, { actions, dueling, width = 1 }: HeadOptions) {
  if (dueling !== true) return stream(x, 'fc', hiddenLayers, values);
  const v = stream(x, 'value', hiddenLayers, values);
  const a = stream(x, 'advantage', hiddenLayers, values);
  return a.map((advantage, i) => {
    let mean = 0;
    for (let action = 0; action < actions; action++) mean += a[action * width + (i % width)] / actions;
    return v[i % width] + advantage - mean;
  });
}

const options: [string, Partial<HeadOptions>][] = [
  ['plain', {}],
  ['dueling', { dueling: true }],
  ['with atoms', { width: 4 }],
  ['dueling with atoms', { dueling: true, width: 4 }],
  ['normalised', { layerNorm: true }],
  ['dueling, normalised', { dueling: true, layerNorm: true }],
  ['noisy', { layer: noisyLinear() }],
  ['all together', { dueling: true, width: 4, layerNorm: true, layer: noisyLinear() }],
];

/** Values of all that a network takes, some of them below zero. */
function fill(network: Network, random: Generator): Arrays {
  const named = [...network.parameters, ...(network.noise ?? [])];
  return Object.fromEntries(
    named.map(({ name, shape }) => [
      name,
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform(-1, 1)),
    ]),
  );
}

describe.each([[[]], [[5]], [[5, 6]]])('a head with hidden layers %j', (hidden) => {
  it.each(options)('%s, equals plain loops', (_name, change) => {
    const all = { actions: 3, ...change };
    const network = mlp({ inputShape: [2, 2], hidden, ...all });
    const values = fill(network, new Generator(4));
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', [2, 2, 2]);
    const tensors = (specs: readonly { name: string; shape: readonly number[] }[] = []) =>
      specs.map(({ name, shape }) => graph.input(name, 'float32', shape));
    const params = tensors(network.parameters);
    const noise = tensors(network.noise);
    const q = network.build(x, params, noise.length > 0 ? { noise } : {});
    expect(q.shape).toEqual(change.width === undefined ? [2, 3] : [2, 3, 4]);
    const rows = [
      [1, -2, 3, 0.5],
      [-1, 0.25, -3, 2],
    ];
    const [actual] = G.evaluate([q], { x: rows.flat(), ...values }, 'float64');
    const expected = rows.flatMap((row) => qValues(row, hidden.length, values, all));
    expect(actual).toHaveLength(expected.length);
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 10);
  });
});

describe('what a head takes', () => {
  it('plain: weight and bias of each layer, numbered as in a PyTorch Sequential', () => {
    expect(headParameters(7, [5, 6], { actions: 3 })).toEqual([
      { name: 'fc.0.weight', shape: [5, 7], fanIn: 7 },
      { name: 'fc.0.bias', shape: [5], fanIn: 7 },
      { name: 'fc.2.weight', shape: [6, 5], fanIn: 5 },
      { name: 'fc.2.bias', shape: [6], fanIn: 5 },
      { name: 'fc.4.weight', shape: [3, 6], fanIn: 6 },
      { name: 'fc.4.bias', shape: [3], fanIn: 6 },
    ]);
    expect(headNoise(7, [5, 6], { actions: 3 })).toEqual([]);
  });
  it('dueling, normalised, with atoms', () => {
    const all = headParameters(7, [5], { actions: 3, dueling: true, width: 4, layerNorm: true });
    const one = (prefix: string, outputs: number) => [
      { name: `${prefix}.0.weight`, shape: [5, 7], fanIn: 7 },
      { name: `${prefix}.0.bias`, shape: [5], fanIn: 7 },
      { name: `${prefix}.0.norm.weight`, shape: [5], fanIn: 5, initial: 1 },
      { name: `${prefix}.0.norm.bias`, shape: [5], fanIn: 5, initial: 0 },
      { name: `${prefix}.2.weight`, shape: [outputs, 5], fanIn: 5 },
      { name: `${prefix}.2.bias`, shape: [outputs], fanIn: 5 },
    ];
    expect(all).toEqual([...one('value', 4), ...one('advantage', 12)]);
  });
  it('noisy: sigmas of sigma0 / sqrt(inputs), and a vector for each side of a layer', () => {
    const layer = noisyLinear(0.5);
    expect(headParameters(4, [], { actions: 3, layer })).toEqual([
      { name: 'fc.0.weight', shape: [3, 4], fanIn: 4 },
      { name: 'fc.0.bias', shape: [3], fanIn: 4 },
      { name: 'fc.0.weight_sigma', shape: [3, 4], fanIn: 4, initial: 0.25 },
      { name: 'fc.0.bias_sigma', shape: [3], fanIn: 4, initial: 0.25 },
    ]);
    expect(headNoise(4, [2], { actions: 3, layer, dueling: true })).toEqual(
      ['value', 'advantage'].flatMap((stream) => [
        { name: `${stream}.0.input`, shape: [4] },
        { name: `${stream}.0.output`, shape: [2] },
        { name: `${stream}.2.input`, shape: [2] },
        { name: `${stream}.2.output`, shape: [stream === 'value' ? 1 : 3] },
      ]),
    );
  });
  it.each([0, -1, Number.NaN])('noise of size %s is refused', (sigma0) => {
    expect(() => noisyLinear(sigma0)).toThrow(OptionError);
  });
  it('noisy layers without noise give their mean', () => {
    const graph = new G.Graph();
    const x = graph.input('x', 'float32', [1, 2]);
    const specs = headParameters(2, [], { actions: 1, layer: noisyLinear() });
    const params = specs.map(({ name, shape }) => graph.input(name, 'float32', shape));
    const q = head(x, [], params, { actions: 1, layer: noisyLinear() });
    // 2 * 3 - 1 * 4 + 5, whatever the sigmas are
    const values = [[2, -1], [5], [100, 100], [100]];
    const feeds = Object.fromEntries(specs.map(({ name }, i) => [name, values[i]]));
    expect([...G.evaluate([q], { x: [3, 4], ...feeds })[0]]).toEqual([7]);
  });
  it('an mlp has two hidden layers of 128 unless told otherwise', () => {
    const { parameters, inputDType, inputShape, actions } = mlp({ inputShape: [4], actions: 2 });
    expect(parameters.map(({ shape }) => shape)).toEqual([[128, 4], [128], [128, 128], [128], [2, 128], [2]]);
    expect({ inputDType, inputShape, actions }).toEqual({ inputDType: 'float32', inputShape: [4], actions: 2 });
  });
  it('an mlp refuses what does not fit', () => {
    const network = mlp({ inputShape: [2], hidden: [], actions: 1 });
    const graph = new G.Graph();
    const params = network.parameters.map(({ name, shape }) => graph.input(name, 'float32', shape));
    expect(() => network.build(graph.input('x', 'float32', [1, 3]), params)).toThrow(ShapeError);
    expect(() => network.build(graph.input('y', 'float32', []), params)).toThrow(ShapeError);
    expect(() => network.build(graph.input('z', 'uint8', [1, 2]), params)).toThrow(
      'mlp: input uint8[1, 2], allowed is float32[B, 2].',
    );
  });
});

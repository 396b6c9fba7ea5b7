import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../core/errors.ts';
import { Generator } from '../../core/random/index.ts';
import * as G from '../../graph/index.ts';
import { type CnnOptions, type ConvLayer, cnn } from './cnn.ts';
import { PICTURE_NETWORKS } from './picture-networks.ts';

describe('the published networks', () => {
  it.each<[keyof typeof PICTURE_NETWORKS, number, number[][]]>([
    // Mnih et al. 2015, methods: 32 of 8x8 by 4, 64 of 4x4 by 2, 64 of 3x3 by 1, 512 units. 84 -> 20 -> 9 -> 7.
    [
      'nature',
      84,
      [
        [32, 4, 8, 8],
        [64, 32, 4, 4],
        [64, 64, 3, 3],
        [512, 64 * 7 * 7],
        [6, 512],
      ],
    ],
    // Mnih et al. 2013, section 4.1: 16 of 8x8 by 4, 32 of 4x4 by 2, 256 units. 84 -> 20 -> 9.
    [
      'dqn-2013',
      84,
      [
        [16, 4, 8, 8],
        [32, 16, 4, 4],
        [256, 32 * 9 * 9],
        [6, 256],
      ],
    ],
    // 42 -> 20 -> 9 -> 4.
    [
      'half-42',
      42,
      [
        [16, 4, 4, 4],
        [32, 16, 4, 4],
        [32, 32, 3, 3],
        [256, 32 * 4 * 4],
        [6, 256],
      ],
    ],
    // With a border of one: 42 -> 21 -> 11 -> 6 -> 3.
    [
      'small-42',
      42,
      [
        [32, 4, 3, 3],
        [32, 32, 3, 3],
        [32, 32, 3, 3],
        [32, 32, 3, 3],
        [256, 32 * 3 * 3],
        [6, 256],
      ],
    ],
  ])('%s', (name, side, weights) => {
    const network = PICTURE_NETWORKS[name]({ inputShape: [4, side, side], actions: 6 });
    const count = weights.filter((shape) => shape.length === 4).length;
    const expected = weights.flatMap((shape, i) => {
      const layer = i < count ? `conv.${2 * i}` : `fc.${2 * (i - count)}`;
      const fanIn = shape.slice(1).reduce((a, b) => a * b, 1);
      return [
        { name: `${layer}.weight`, shape, fanIn },
        { name: `${layer}.bias`, shape: [shape[0]], fanIn },
      ];
    });
    expect(network.parameters).toEqual(expected);
    const { inputShape, inputDType, actions, width, noise } = network;
    expect({ inputShape, inputDType, actions, width, noise }).toEqual({
      inputShape: [4, side, side],
      inputDType: 'uint8',
      actions: 6,
      width: undefined,
      noise: [],
    });
  });

  it('say their name where a picture is too small', () => {
    for (const name of ['nature', 'dqn-2013', 'half-42'] as const)
      expect(() => PICTURE_NETWORKS[name]({ inputShape: [4, 84, 7], actions: 2 })).toThrow(
        `${name}: input [4, 84, 7] is too small`,
      );
    expect(() => PICTURE_NETWORKS['small-42']({ inputShape: [4, 0, 42], actions: 2 })).toThrow(ShapeError);
  });

  it('normalised layers have a scale and a shift, the convolutions too unless they stay plain', () => {
    const names = (options: Partial<CnnOptions>) =>
      cnn('test', [{ filters: 2, kernel: 2, stride: 1 }], [3], { inputShape: [1, 2, 2], actions: 1, ...options })
        .parameters.filter(({ initial }) => initial !== undefined)
        .map(({ name, shape, initial }) => [name, shape[0], initial]);
    const conv = [
      ['conv.0.norm.weight', 2, 1],
      ['conv.0.norm.bias', 2, 0],
    ];
    const fc = [
      ['fc.0.norm.weight', 3, 1],
      ['fc.0.norm.bias', 3, 0],
    ];
    expect(names({})).toEqual([]);
    expect(names({ layerNorm: true })).toEqual([...conv, ...fc]);
    expect(names({ layerNorm: true, plainConvolutions: true })).toEqual(fc);
    expect(names({ plainConvolutions: true })).toEqual([]);
  });
});

/** Cross-correlation of one picture [C, H, W], as PyTorch's Conv2d, in plain loops. */
function convolve(
  picture: number[],
  [channels, height, width]: readonly [number, number, number],
  weight: number[],
  bias: number[],
  { filters, kernel, stride, padding = 0 }: ConvLayer,
): { values: number[]; shape: [number, number, number] } {
  const rows = Math.floor((height + 2 * padding - kernel) / stride) + 1;
  const columns = Math.floor((width + 2 * padding - kernel) / stride) + 1;
  const values: number[] = [];
  for (let f = 0; f < filters; f++)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        let sum = bias[f];
        for (let k = 0; k < channels; k++)
          for (let i = 0; i < kernel; i++)
            for (let j = 0; j < kernel; j++) {
              const [y, x] = [r * stride + i - padding, c * stride + j - padding];
              if (y < 0 || y >= height || x < 0 || x >= width) continue;
              sum += weight[((f * channels + k) * kernel + i) * kernel + j] * picture[(k * height + y) * width + x];
            }
        values.push(Math.max(0, sum));
      }
  return { values, shape: [filters, rows, columns] };
}

describe('a network for pictures equals plain loops', () => {
  const layers: ConvLayer[] = [
    { filters: 3, kernel: 4, stride: 2 },
    { filters: 2, kernel: 3, stride: 1, padding: 1 },
  ];
  const inputShape = [2, 8, 6] as const;
  it.each([
    ['uint8', 'nchw'],
    ['uint8', 'im2col'],
    ['float32', 'nchw'],
    ['float32', 'im2col'],
  ] as const)('%s, %s', (inputDType, convolutions) => {
    const network = cnn('test', layers, [], { inputShape, actions: 3, inputDType });
    const random = new Generator(6);
    const values = Object.fromEntries(
      network.parameters.map(({ name, shape }) => [
        name,
        Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform(-1, 1)),
      ]),
    );
    const pictures = [0, 1].map(() => Array.from({ length: 2 * 8 * 6 }, () => random.integers(256)));
    const expected = pictures.flatMap((picture) => {
      // Bytes count as 0 to 1; the graph has 1/255 in single precision.
      let y = picture.map((v) => (inputDType === 'uint8' ? v / 255 : v));
      let shape: readonly [number, number, number] = inputShape;
      for (const [i, layer] of layers.entries()) {
        const next = convolve(y, shape, values[`conv.${2 * i}.weight`], values[`conv.${2 * i}.bias`], layer);
        [y, shape] = [next.values, next.shape];
      }
      const weight = values['fc.0.weight'];
      return values['fc.0.bias'].map((b, o) => b + y.reduce((sum, v, i) => sum + v * weight[o * y.length + i], 0));
    });
    const graph = new G.Graph();
    const x = graph.input('x', inputDType, [2, ...inputShape]);
    const params = network.parameters.map(({ name, shape }) => graph.input(name, 'float32', shape));
    const q = network.build(x, params, { convolutions });
    const [actual] = G.evaluate([q], { x: pictures.flat(), ...values }, 'float64');
    expect(actual).toHaveLength(6);
    for (const [i, value] of expected.entries()) expect(actual[i] / value).toBeCloseTo(1, 6);
  });
});

import { describe, expect, it } from 'vitest';
import { createQNetwork } from '../agents/q-network.ts';
import { findRecipe } from '../recipes/choose-recipe.ts';
import { describeNetwork, layersOf } from './describe-network.ts';

const pole = { inputShape: [4], inputDType: 'float32', actions: 2 } as const;
const pictures = { inputShape: [4, 84, 84], inputDType: 'uint8', actions: 6 } as const;

const networkOf = (recipe: string, spec: typeof pole | typeof pictures) =>
  createQNetwork(findRecipe(recipe).config as Parameters<typeof createQNetwork>[0], spec);

it('counts the weights of the Nature network, layer by layer', () => {
  // Mnih et al. 2015, Methods: 32 8x8 stride 4, 64 4x4 stride 2, 64 3x3 stride 1 (7x7 are left), 512, one for each action.
  const layers = layersOf(networkOf('dqn-pong', pictures));
  expect(layers.map(({ text }) => text)).toEqual([
    'conv 32 (8x8)',
    'conv 64 (4x4)',
    'conv 64 (3x3)',
    'dense 512',
    'dense 6',
  ]);
  expect(layers.map(({ parameters }) => parameters)).toEqual([
    4 * 8 * 8 * 32 + 32,
    32 * 4 * 4 * 64 + 64,
    64 * 3 * 3 * 64 + 64,
    7 * 7 * 64 * 512 + 512,
    512 * 6 + 6,
  ]);
});

it.each([
  ['dqn-cart-pole', pole, '4 float32, dense 128, dense 128, dense 2; 17,410 parameters'],
  [
    'rainbow-pong',
    pictures,
    '4x84x84 uint8, conv 32 (8x8), conv 64 (4x4), conv 64 (3x3), value: dense 512 noisy, dense 51 noisy, advantage: dense 512 noisy, dense 306 noisy; 6,868,842 parameters',
  ],
] as const)('%s in a line', (recipe, spec, line) => {
  expect(describeNetwork(networkOf(recipe, spec))).toBe(line);
});

it('shows the shapes of parameters of other kinds', () => {
  const parameters = [
    { name: 'embedding', shape: [10, 3], fanIn: 1 },
    { name: 'lstm.0.state', shape: [2, 2, 2], fanIn: 1 },
  ];
  expect(describeNetwork({ parameters, inputShape: [], inputDType: 'float32' })).toBe(
    '1 float32, 10x3, state 2x2x2; 38 parameters',
  );
});

describe('layers are told by the names of their parameters', () => {
  const network = (...names: readonly string[]) => ({
    parameters: names.map((name) => ({ name, shape: name.endsWith('weight') ? [2, 3] : [2], fanIn: 1 })),
    inputShape: [3],
    inputDType: 'float32' as const,
  });

  it.each<[string[], string[]]>([
    [['conv.0.weight', 'conv.0.norm.weight', 'conv.0.bias'], ['conv.0']],
    [
      ['0.weight', '0.norm.weight', '2.weight'],
      ['0', '2'],
    ],
    [
      ['a.b.12.weight', 'a.b.12.norm.weight', 'a.b.1.bias'],
      ['a.b.12', 'a.b.1'],
    ],
    [['x.0.1.weight', 'x.0.2.weight'], ['x.0']],
    // A number that is no whole word between dots numbers no layers.
    [
      ['net2.weight', 'net2.bias', 'net3.weight'],
      ['net2', 'net3'],
    ],
    [['head.out.weight', 'head.out.bias'], ['head.out']],
  ])('%j', (names, layers) => {
    expect(layersOf(network(...names)).map(({ name }) => name)).toEqual(layers);
  });

  it('without those that are not learned', () => {
    const { parameters, ...rest } = network('fc.0.weight', 'fc.0.bias');
    const fixed = { name: 'norm.0.mean', shape: [7], fanIn: 1, learned: false } as const;
    expect(layersOf({ parameters: [...parameters, fixed], ...rest })).toEqual([
      { name: 'fc.0', text: 'dense 2', parameters: 8 },
    ]);
  });

  it.each<[string[], string]>([
    [['value.9.weight', 'value.10.weight'], 'value: dense 2, dense 2'],
    [['q1.weight', 'q2.weight'], 'q: dense 2, dense 2'],
    [['net2x3.weight', 'net2x4.weight'], 'net2x: dense 2, dense 2'],
    // A branch of one layer needs no name, nor does a trunk.
    [['fc.0.weight', 'fc.1.weight', 'out.0.weight'], 'dense 2, dense 2, dense 2'],
  ])('%j are %s', (names, text) => {
    expect(describeNetwork(network(...names))).toBe(`3 float32, ${text}; ${6 * names.length} parameters`);
  });
});

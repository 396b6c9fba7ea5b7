import { expect, it } from 'vitest';
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

import { expect, it } from 'vitest';
import { buildQValues } from '../agents/dqn.ts';
import { evaluate } from '../graph/index.ts';
import { buildForeignNetwork } from './foreign-network.ts';
import type { TorchTensor } from './torch-file.ts';

const layer = (name: string, shape: readonly number[], values: readonly number[]) => ({
  name,
  weight: { shape, elements: () => Float32Array.from(values) } as unknown as TorchTensor,
  bias: undefined,
});
const spec = { inputShape: [1], inputDType: 'float32', actions: 2 } as const;
const none = { convolutions: [], dueling: undefined, atoms: undefined };

function valuesAt(
  x: number,
  ...[layers, options]: [Parameters<typeof buildForeignNetwork>[0], { activation?: 'tanh' }?]
) {
  const { network, weights } = buildForeignNetwork(layers, spec, 'model', options);
  const [q] = evaluate([buildQValues(network, 1).outputs['q']], { observations: [x], ...weights });
  return [...q];
}

it('takes the mean of quantiles, which lie action by action', () => {
  // Quantile 0 of both actions is 1 and 2, quantile 1 is 3 and 6.
  const shared = [layer('0', [4, 1], [1, 2, 3, 6])];
  expect(valuesAt(1, { ...none, shared, quantiles: true })).toEqual([2, 4]);
});

it('has tanh between layers where the archive says so', () => {
  const shared = [layer('0', [1, 1], [1]), layer('2', [2, 1], [1, -2])];
  const layers = { ...none, shared, quantiles: false };
  const [a, b] = valuesAt(-0.5, layers, { activation: 'tanh' });
  expect(a).toBeCloseTo(Math.tanh(-0.5), 6);
  expect(b).toBeCloseTo(-2 * Math.tanh(-0.5), 6);
  expect(valuesAt(-0.5, layers).map(Math.abs)).toEqual([0, 0]);
});

import { expect, it } from 'vitest';
import { type DType, evaluate, Graph } from '../../graph/index.ts';
import { mlp } from './mlp.ts';
import { INPUT_STATISTICS, standardizedInput } from './standardized-input.ts';

const linear = mlp({ inputShape: [2], actions: 2, hidden: [] });

function built(dtype: DType, shape: readonly number[]) {
  const network = standardizedInput(linear, dtype);
  const graph = new Graph();
  const x = graph.input('x', dtype, shape);
  const params = network.parameters.map((p) => graph.input(p.name, 'float32', p.shape));
  return { network, q: () => network.build(x, params) };
}

it.each<[DType]>([['float32'], ['uint8']])('takes (x - mean) * scale of observations in %s', (dtype) => {
  const { network, q } = built(dtype, [2, 2]);
  expect(network).toMatchObject({ inputDType: dtype, inputShape: [2], actions: 2 });
  const [mean, scale, weight, bias] = network.parameters.map(({ name }) => name);
  expect([mean, scale]).toEqual(INPUT_STATISTICS);
  // Rows (3 - 1) * 2 = 4 and (5 - 4) / 2 = 0.5, (1 - 1) * 2 = 0 and (10 - 4) / 2 = 3, through weights [1, 10] and [2, 0].
  const feeds = { [mean!]: [1, 4], [scale!]: [2, 0.5], [weight!]: [1, 10, 2, 0], [bias!]: [0, 100] };
  expect([...evaluate([q()], { x: [3, 5, 1, 10], ...feeds })[0]!]).toEqual([9, 108, 30, 100]);
});

it('begins as the network itself', () => {
  const { parameters } = standardizedInput(linear, 'float32');
  expect(parameters.slice(0, 2)).toMatchObject([
    { name: 'input.mean', shape: [2], initial: 0 },
    { name: 'input.scale', shape: [2], initial: 1 },
  ]);
  expect(parameters.slice(2)).toEqual(linear.parameters);
});

it('refuses what it does not take', () => {
  expect(() => built('uint8', [1, 3]).q()).toThrow('standardizedInput: input uint8[1, 3], allowed is uint8[B, 2].');
});

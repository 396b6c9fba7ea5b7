import { expect, it } from 'vitest';
import { Graph } from '../graph/index.ts';
import { scalarValues } from './scalar.ts';

it.each(['mse', 'huber'] as const)('refuses a target that would broadcast against the prediction (%s)', (loss) => {
  const graph = new Graph();
  const prediction = graph.input('prediction', 'float32', [32]);
  const target = graph.input('target', 'float32', [32, 1]);
  expect(() => scalarValues(loss).loss(prediction, target)).toThrow(
    'scalar loss: float32[32] and float32[32, 1] differ in shape.',
  );
});

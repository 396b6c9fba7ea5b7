import { expect, it } from 'vitest';
import { emitOnnx, Graph, modelSpec, mul } from '../../graph/index.ts';
import { createOrtRunner } from './ort-runner.ts';

it('leaves no copies of large outputs behind', async () => {
  const graph = new Graph();
  const length = 1_000_000;
  const outputs = { y: mul(graph.input('x', 'float32', [length]), 2) };
  const runner = await createOrtRunner(emitOnnx(graph, { outputs }), modelSpec(outputs));
  const x = new Float32Array(length).fill(3);
  await runner.run({ x });
  const before = process.memoryUsage().external;
  for (let i = 0; i < 4; i++) await runner.run({ x });
  expect(process.memoryUsage().external - before).toBeLessThan(length * 4);
  x.fill(5);
  const { y } = await runner.run({ x });
  expect([y[0], y[length - 1]]).toEqual([10, 10]);
  await runner.release();
});

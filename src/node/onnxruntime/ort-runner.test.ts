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

it('writes outputs into the arrays that the caller names, over shared memory too', async () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2]);
  const outputs = { doubled: mul(x, 2), tripled: mul(x, 3) };
  const shared = new Float32Array(new SharedArrayBuffer(4 * 4), 4, 2);
  const own = new Float32Array(4).subarray(1, 3);
  const runner = await createOrtRunner(emitOnnx(graph, { outputs }), {
    ...modelSpec(outputs),
    outputArrays: { doubled: shared, tripled: own },
  });
  const fetches = await runner.run({ x: Float32Array.of(1, -2) });
  expect(fetches['doubled']).toBe(shared);
  expect(fetches['tripled']).toBe(own);
  expect([...shared, ...own]).toEqual([2, -4, 3, -6]);
  expect([...new Float32Array(shared.buffer)]).toEqual([0, 2, -4, 0]);
  await runner.release();
});

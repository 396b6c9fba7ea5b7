import { expect, it } from 'vitest';
import { doubleBootstrap } from '../../agents/double.ts';
import { buildDqnUpdate, buildQValues } from '../../agents/dqn.ts';
import { scalarValues } from '../../agents/scalar.ts';
import { Generator } from '../../core/random/index.ts';
import { sizeOf } from '../../core/shape.ts';
import { createInterpreterRunner, type TypedArray } from '../../graph/index.ts';
import { mlp } from '../../nn/networks/mlp.ts';
import { createShardedRunner } from './sharded-runner.ts';

const network = { ...mlp({ inputShape: [5], actions: 3, hidden: [7] }), values: scalarValues('huber') };
const build = (rows: number) => buildDqnUpdate(network, { batchSize: rows, bootstrap: doubleBootstrap });

function feedsOf(inputs: Readonly<Record<string, { dtype: string; shape: readonly number[] }>>, seed: number) {
  const random = new Generator(seed);
  const feeds: Record<string, TypedArray> = {};
  for (const [name, { dtype, shape }] of Object.entries(inputs)) {
    const size = sizeOf(shape);
    feeds[name] =
      dtype === 'int32'
        ? Int32Array.from({ length: size }, () => random.integers(3))
        : Float32Array.from({ length: size }, () => random.normal());
  }
  return feeds;
}

it.each([1, 2, 3])('%i threads give the loss and gradients of the whole batch, every time', async (shards) => {
  const runner = await createShardedRunner(build, { batchSize: 12, shards });
  const reference = createInterpreterRunner(build(12).outputs);
  let last: TypedArray | undefined;
  for (const seed of [1, 2, 2]) {
    const feeds = feedsOf(runner.inputs, seed);
    const actual = await runner.run(feeds);
    const expected = await reference.run(feeds);
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const name in expected) {
      expect(actual[name].length).toBe(expected[name].length);
      expected[name].forEach((value, i) => void expect(actual[name][i]).toBeCloseTo(value, 5));
    }
    const [gradient] = Object.keys(actual).filter((name) => name.startsWith('gradient.'));
    // The third run repeats the second, bit for bit.
    if (last !== undefined) expect(actual[gradient]).toEqual(last);
    if (seed === 2) last = actual[gradient].slice();
  }
  await runner.release();
  await expect(runner.run({})).rejects.toThrow('released');
});

it('puts the rows of outputs together in order', async () => {
  const q = (rows: number) => buildQValues(network, rows);
  const runner = await createShardedRunner(q, { batchSize: 12, shards: 3 });
  const feeds = feedsOf(runner.inputs, 4);
  const [actual, expected] = [await runner.run(feeds), await createInterpreterRunner(q(12).outputs).run(feeds)];
  expected['q'].forEach((value, i) => void expect(actual['q'][i]).toBeCloseTo(value, 5));
  await runner.release();
});

it('refuses threads that do not divide the batch', async () => {
  await expect(createShardedRunner(build, { batchSize: 12, shards: 5 })).rejects.toThrow(
    'shards: got 5, allowed is a divisor of the batch size 12.',
  );
});

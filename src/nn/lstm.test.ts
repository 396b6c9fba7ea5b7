/** The LSTM on three engines against PyTorch (test/oracle/lstm_torch.py), and its gradient against that of its plain steps. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hashed } from '../../test/support/hashed-numbers.ts';
import { sizeOf } from '../core/shape.ts';
import {
  add,
  createKernelRunner,
  emitOnnx,
  evaluate,
  Graph,
  gradients,
  modelSpec,
  mul,
  reduceSum,
  type Tensor,
} from '../graph/index.ts';
import { createOrtRunner } from '../node/onnxruntime/ort-runner.ts';
import { lstm, lstmParameters, type Recurrence } from './lstm.ts';

interface Case {
  readonly name: string;
  readonly starts: readonly (readonly number[])[] | null;
  readonly y: readonly number[];
  readonly after: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const { cases } = JSON.parse(readFileSync(new URL('fixtures/lstm.json', import.meta.url), 'utf8')) as { cases: Case[] };
const [BATCH, STEPS, INPUTS, UNITS] = [3, 5, 4, 6];

function sequences(starts: Case['starts']) {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [BATCH * STEPS, INPUTS]);
  const state = graph.input('state', 'float32', [BATCH, 2 * UNITS]);
  const specs = lstmParameters('lstm', INPUTS, UNITS);
  const weights = specs.map(({ name, shape }) => graph.input(name, 'float32', shape));
  const recurrence: Recurrence = {
    steps: STEPS,
    state,
    starts: starts === null ? undefined : graph.input('starts', 'float32', [BATCH, STEPS]),
  };
  const y = lstm(x, weights, recurrence);
  const after = recurrence.after!;
  const times = (z: Tensor, seed: number) =>
    reduceSum(mul(z, graph.constant(hashed(sizeOf(z.shape), seed), z.shape)), [0, 1]);
  const loss = add(times(y, 3), times(after, 4));
  const wrt = { x, state, ...Object.fromEntries(specs.map(({ name }, i) => [name, weights[i]])) };
  const slopes = gradients(loss, Object.values(wrt));
  const outputs = {
    y,
    after,
    ...Object.fromEntries(Object.keys(wrt).map((name, i) => [`gradient.${name}`, slopes[i]])),
  };
  const feeds = {
    x: hashed(BATCH * STEPS * INPUTS, 1, -2, 2),
    state: hashed(BATCH * 2 * UNITS, 2),
    ...Object.fromEntries(specs.map(({ name, shape }, i) => [name, hashed(sizeOf(shape), 10 + i)])),
    ...(starts === null ? {} : { starts: Float32Array.from(starts.flat()) }),
  };
  return { graph, outputs, feeds };
}

describe.each(cases)('$name', (member) => {
  const { graph, outputs, feeds } = sequences(member.starts);
  const expected = (name: string) =>
    name.startsWith('gradient.') ? member.gradients[name.slice('gradient.'.length)] : member[name as 'y' | 'after'];
  const compare = (found: Readonly<Record<string, ArrayLike<number>>>, digits: number) => {
    for (const name of Object.keys(outputs)) {
      const wanted = expected(name);
      expect(found[name].length, name).toBe(wanted.length);
      for (let i = 0; i < wanted.length; i++) expect(found[name][i], `${name} ${i}`).toBeCloseTo(wanted[i], digits);
    }
  };

  it('is PyTorch’s in the interpreter', () => {
    const values = evaluate(Object.values(outputs), feeds);
    compare(Object.fromEntries(Object.keys(outputs).map((name, i) => [name, values[i]])), 6);
  });

  it('is PyTorch’s on ONNX Runtime and on the kernels', async () => {
    const ort = await createOrtRunner(emitOnnx(graph, { outputs }), { ...modelSpec(outputs), threads: 1 });
    compare(await ort.run(feeds), 4);
    await ort.release();
    compare(await createKernelRunner(outputs).run(feeds), 4);
  });
});

it('refuses rows that are not so many steps, and starts of another shape', () => {
  const graph = new Graph();
  const input = (name: string, ...shape: number[]) => graph.input(name, 'float32', shape);
  const weights = lstmParameters('lstm', 2, 3).map(({ name, shape }) => input(name, ...shape));
  const state = input('state', 2, 6);
  expect(() => lstm(input('x', 5, 2), weights, { steps: 2, state })).toThrow('2 steps of 3 units');
  expect(() => lstm(input('y', 4, 2), weights, { steps: 2, state, starts: input('s', 2, 3) })).toThrow('[2, 2]');
});

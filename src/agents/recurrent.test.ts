/** Learning steps of recurrent networks against PyTorch (test/oracle/recurrent_torch.py), and acting against unrolling. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hashed, uniform } from '../../test/support/hashed-numbers.ts';
import {
  createKernelRunner,
  emitOnnx,
  evaluate,
  Graph,
  type GraphModel,
  interpretGraphs,
  modelSpec,
  type TypedArray,
} from '../graph/index.ts';
import { lstmLayer } from '../nn/lstm.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { Parameters } from '../nn/parameters.ts';
import { createOrtRunner } from '../node/onnxruntime/ort-runner.ts';
import { doubleBootstrap } from './double.ts';
import type { QNetwork } from './dqn.ts';
import { buildPqnUpdate } from './pqn.ts';
import { buildSequenceUpdate, type SequenceLengths, stepsOf } from './recurrent-dqn.ts';
import { createActingValues } from './recurrent-q-values.ts';
import { scalarValues } from './scalar.ts';

interface Result {
  readonly name: string;
  readonly dueling: boolean;
  readonly loss: number;
  readonly meanQ: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}
interface Fixture {
  readonly pqn: readonly (Result & { readonly steps: number })[];
  readonly dqn: readonly (Result & SequenceLengths & { readonly double: boolean })[];
}

const fixture = JSON.parse(readFileSync(new URL('fixtures/recurrent.json', import.meta.url), 'utf8')) as Fixture;
const [INPUTS, HIDDEN, UNITS, ACTIONS, BATCH, GAMMA] = [5, 7, 6, 3, 4, 0.9];

function networkOf(dueling: boolean): QNetwork {
  const options = {
    inputShape: [INPUTS],
    actions: ACTIONS,
    hidden: [HIDDEN],
    layerNorm: true,
    lstm: lstmLayer(UNITS),
    dueling,
  };
  return { ...mlp(options), values: scalarValues('huber') };
}

function filled(network: QNetwork, seed: number): Parameters {
  const weights = new Parameters(network.parameters);
  [...weights].forEach(({ data }, i) => void data.set(hashed(data.length, seed + i)));
  return weights;
}

const choices = (count: number, seed: number, n: number) => Int32Array.from(uniform(count, seed), (u) => u * n);
const startsOf = (count: number) => Float32Array.from(choices(count, 5, 4), (choice) => Number(choice === 0));

async function expectResult({ graph, outputs }: GraphModel, feeds: Record<string, TypedArray>, wanted: Result) {
  const compare = (found: Readonly<Record<string, ArrayLike<number>>>, digits: number) => {
    expect(found['loss'][0]).toBeCloseTo(wanted.loss, digits);
    expect(found['meanQ'][0]).toBeCloseTo(wanted.meanQ, digits);
    for (const [name, gradient] of Object.entries(wanted.gradients)) {
      const own = found[`gradient.${name}`];
      expect(own.length, name).toBe(gradient.length);
      gradient.forEach((value, i) => void expect(own[i], `${name} ${i}`).toBeCloseTo(value, digits));
    }
  };
  const values = evaluate(Object.values(outputs), feeds);
  compare(Object.fromEntries(Object.keys(outputs).map((name, i) => [name, values[i]])), 6);
  compare(await createKernelRunner(outputs).run(feeds), 4);
  const ort = await createOrtRunner(emitOnnx(graph, { outputs }), { ...modelSpec(outputs), threads: 1 });
  compare(await ort.run(feeds), 4);
  await ort.release();
}

it.each(fixture.pqn)('PQN has loss and gradients of PyTorch: $name', async (member) => {
  const { steps } = member;
  const network = networkOf(member.dueling);
  const feeds = {
    ...filled(network, 100).byPrefix(),
    observations: hashed(BATCH * steps * INPUTS, 1, -2, 2),
    state: hashed(BATCH * 2 * UNITS, 2),
    actions: choices(BATCH * steps, 3, ACTIONS),
    returns: hashed(BATCH * steps, 4, -2, 2),
    starts: startsOf(BATCH * steps),
  };
  await expectResult(buildPqnUpdate(network, BATCH, steps), feeds, member);
});

it.each(fixture.dqn)('DQN has loss and gradients of PyTorch: $name', async (member) => {
  const { length, nStep, double } = member;
  const network = networkOf(member.dueling);
  const steps = stepsOf(member);
  const rows = BATCH * length;
  const discounts = Float32Array.from(choices(rows, 6, 3), (choice) => (choice > 0 ? GAMMA ** nStep : 0));
  const feeds = {
    ...filled(network, 100).byPrefix(),
    ...filled(network, 200).byPrefix('target.'),
    observations: hashed(BATCH * steps * INPUTS, 1, -2, 2),
    state: hashed(BATCH * 2 * UNITS, 2),
    starts: startsOf(BATCH * steps),
    actions: choices(rows, 3, ACTIONS),
    rewards: hashed(rows, 4, -2, 2),
    discounts,
    weights: Float32Array.from(choices(rows, 7, 4), (choice) => Number(choice > 0)),
  };
  const model = buildSequenceUpdate(network, BATCH, member, double ? doubleBootstrap : undefined);
  await expectResult(model, feeds, member);
});

describe('acting step by step', () => {
  const [steps, length] = [7, BATCH * INPUTS];
  const network = networkOf(false);
  const weights = filled(network, 100);
  const observations = hashed(BATCH * steps * INPUTS, 1, -2, 2);
  /** [steps, batch]: 1 or 2 where an episode ends with the step. */
  const ends = Uint8Array.from(choices(steps * BATCH, 8, 6), (choice) => (choice > 2 ? 0 : choice));
  const at = (t: number) =>
    Float32Array.from({ length }, (_, i) => observations[(Math.floor(i / INPUTS) * steps + t) * INPUTS + (i % INPUTS)]);
  const endsAt = (t: number) => ends.subarray(t * BATCH, (t + 1) * BATCH);
  const acting = () => createActingValues(network, weights, interpretGraphs, { rows: BATCH });

  it('has the values of the whole sequence, whose episodes each begin with nothing', async () => {
    expect(new Set(ends).size).toBeGreaterThan(1);
    const graph = new Graph();
    const input = (name: string, ...shape: number[]) => graph.input(name, 'float32', shape);
    const recurrence = { steps, state: input('state', BATCH, 2 * UNITS), starts: input('starts', BATCH, steps) };
    const q = network.build(
      input('observations', BATCH * steps, INPUTS),
      network.parameters.map(({ name, shape }) => input(name, ...shape)),
      { recurrence },
    );
    const starts = Float32Array.from({ length: BATCH * steps }, (_, i) => {
      const [n, t] = [Math.floor(i / steps), i % steps];
      return Number(t > 0 && ends[(t - 1) * BATCH + n] !== 0);
    });
    const [whole] = evaluate([q], {
      ...{ ...weights.byPrefix(), observations, starts, state: new Float32Array(BATCH * 2 * UNITS) },
    });
    const values = await acting();
    for (let t = 0; t < steps; t++) {
      const now = await values.of(at(t));
      for (let n = 0; n < BATCH; n++)
        for (let a = 0; a < ACTIONS; a++)
          expect(now[n * ACTIONS + a]).toBeCloseTo(whole[(n * steps + t) * ACTIONS + a], 5);
      values.follow(endsAt(t));
    }
  });

  it('remembers nothing of those who watch, and values what follows a step before it is made', async () => {
    const [watched, plain] = [await acting(), await acting()];
    for (let t = 0; t + 1 < steps; t++) {
      const now = (await watched.of(at(t))).slice();
      expect(now).toEqual(await plain.of(at(t)));
      const following = (await watched.following(at(t + 1))).slice();
      await watched.peek(at(0));
      for (const values of [watched, plain]) values.follow(endsAt(t));
      expect(watched.state).toEqual(plain.state);
      const next = await plain.of(at(t + 1));
      endsAt(t).forEach((end, n) => {
        const row = (q: Float32Array) => q.slice(n * ACTIONS, (n + 1) * ACTIONS);
        if (end === 0) expect(row(following)).toEqual(row(next));
        else expect(row(following)).not.toEqual(row(next));
      });
    }
  });

  it('goes on from a saved state', async () => {
    const [straight, resumed] = [await acting(), await acting()];
    for (let t = 0; t < 3; t++) {
      await straight.of(at(t));
      straight.follow([0, 0, 0, 0]);
    }
    resumed.restoreState(structuredClone(straight.saveState()));
    expect(await resumed.of(at(3))).toEqual(await straight.of(at(3)));
  });
});

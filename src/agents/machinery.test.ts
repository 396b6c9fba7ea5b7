/** What learners are made of, with runners that keep a record: weights that move, noise, threads that are asked for, ends. */
import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import type { Snapshot } from '../core/snapshot.ts';
import {
  type CreateRunner,
  createInterpreterRunner,
  evaluate,
  type GraphModel,
  interpretGraphs,
  type RunnerOptions,
  type TypedArray,
} from '../graph/index.ts';
import { Adam } from '../nn/adam.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { noisyLinear } from '../nn/noisy-linear.ts';
import { Parameters } from '../nn/parameters.ts';
import { RAdam } from '../nn/radam.ts';
import { Sgd } from '../nn/sgd.ts';
import { createBatch } from '../replay/index.ts';
import { categoricalValues } from './categorical.ts';
import { doubleBootstrap } from './double.ts';
import { buildQValues, NOISE_PREFIXES, type QNetwork } from './dqn.ts';
import { DqnLearner, type DqnLearnerOptions } from './dqn-learner.ts';
import { GradientStep } from './gradient-step.ts';
import { munchausenBootstrap } from './munchausen.ts';
import { buildPqnUpdate } from './pqn.ts';
import { PqnLearner } from './pqn-learner.ts';
import { QValues } from './q-values.ts';
import { scalarValues } from './scalar.ts';

const shape = { inputShape: [3], actions: 2, hidden: [4] };
const plain: QNetwork = { ...mlp(shape), values: scalarValues('mse') };
const noisy: QNetwork = { ...mlp({ ...shape, layer: noisyLinear() }), values: scalarValues('mse') };

/** The interpreter, and what it was asked for; `open` runners were not released. */
function recorder() {
  const asked: RunnerOptions[] = [];
  const record = { asked, open: 0 };
  const createRunner: CreateRunner = async (graph, outputs, options = {}) => {
    asked.push(options);
    record.open++;
    const runner = await interpretGraphs(graph, outputs, options);
    return {
      ...runner,
      release: () => {
        record.open--;
        return runner.release();
      },
    };
  };
  return Object.assign(record, { createRunner });
}

function weightsOf(network: QNetwork, seed = 1): Parameters {
  const weights = new Parameters(network.parameters);
  const random = new Generator(seed);
  for (const { data } of weights) for (let i = 0; i < data.length; i++) data[i] = random.uniform(-1, 1);
  return weights;
}

/** Q of a graph by itself. */
function q(network: QNetwork, weights: Parameters, observations: Float32Array, noise: Record<string, TypedArray> = {}) {
  const rows = observations.length / 3;
  const { outputs } = buildQValues(network, rows, { noisy: Object.keys(noise).length > 0 });
  const feeds: Record<string, TypedArray> = { observations, ...noise };
  for (const { name, data } of weights) feeds[name] = data;
  return Float32Array.from(evaluate([outputs['q']], feeds)[0]);
}

describe('QValues', () => {
  const observations = Float32Array.of(1, -2, 3, 0.5, 0, -1);

  it.each([
    ['plain', plain],
    ['noisy', noisy],
  ] as const)('are those of the graph; a %s network without a generator gives its mean', async (_, network) => {
    const weights = weightsOf(network);
    const { createRunner } = recorder();
    const values = await QValues.create(network, weights, createRunner, { rows: 2 });
    expect(Array.from(await values.of(observations))).toEqual(Array.from(q(network, weights, observations)));
    // Weights are read at every pass.
    for (const { data } of weights) data.fill(0.25);
    expect(Array.from(await values.of(observations))).toEqual(Array.from(q(network, weights, observations)));
    expect(values.saveState()).toBeNull();
    values.restoreState(null);
  });

  it('of a noisy network are with new noise at each pass, which a saved state repeats', async () => {
    const weights = weightsOf(noisy);
    const { createRunner } = recorder();
    const random = new Generator(3);
    const twin = new Generator(3);
    const values = await QValues.create(noisy, weights, createRunner, { rows: 2, noise: random });
    const seen: number[][] = [];
    for (let pass = 0; pass < 3; pass++) {
      const noise: Record<string, TypedArray> = {};
      for (const { name, shape: dims } of noisy.noise!) {
        const array = new Float32Array(dims.reduce((a, b) => a * b, 1));
        twin.normalArray(array);
        noise[`${NOISE_PREFIXES[0]}${name}`] = array;
      }
      const got = Array.from(await values.of(observations));
      seen.push(got);
      expect(got).toEqual(Array.from(q(noisy, weights, observations, noise)));
    }
    expect(seen[1]).not.toEqual(seen[0]);
    const state = values.saveState();
    const next = Array.from(await values.of(observations));
    expect(Array.from(await values.of(observations))).not.toEqual(next);
    values.restoreState(state);
    expect(Array.from(await values.of(observations))).toEqual(next);
  });

  it('ask for no threads for few rows, share rows where they are told to, and let go of their runner', async () => {
    const record = recorder();
    for (const rows of [1, 3, 4, 5]) {
      const values = await QValues.create(plain, weightsOf(plain), record.createRunner, { rows });
      expect(record.asked.at(-1)).toEqual({ small: rows < 4 });
      await values.close();
    }
    expect(record.open).toBe(0);
    const shared = await QValues.create(plain, weightsOf(plain), record.createRunner, { rows: 4, shareRows: true });
    const { rows } = record.asked.at(-1)!;
    expect(rows!.count).toBe(4);
    expect(rows!.build(2).outputs['q'].shape).toEqual([2, 2]);
    await shared.close();
    expect(record.open).toBe(0);
  });
});

describe('GradientStep', () => {
  const make = (clipNorm = 0) =>
    new GradientStep({
      network: plain,
      createOptimizer: (size) => new Sgd(size, { learningRate: 0.5 }),
      clipNorm,
      random: new Generator(0),
    });
  const build = (rows: number): GraphModel => buildPqnUpdate(plain, rows);
  const batch = {
    observations: Float32Array.of(1, 2, 3, -1, 0, 1),
    actions: Int32Array.of(0, 1),
    returns: Float32Array.of(3, -1),
  };
  /** A runner that writes nowhere but to arrays of its own. */
  const elsewhere: CreateRunner = async (_graph, outputs) => createInterpreterRunner(outputs);

  it.each([
    ['writes to the arrays it is given', interpretGraphs],
    ['has arrays of its own', elsewhere],
  ] as const)('goes down the gradient, with a runner that %s', async (_, createRunner) => {
    const step = make();
    await step.compile(build, 2, createRunner);
    for (let update = 0; update < 2; update++) {
      const before = step.weights.buffer.slice();
      const { outputs } = build(2);
      const names = [...step.weights].map(({ name }) => name);
      const feeds: Record<string, TypedArray> = { ...batch };
      for (const { name, data } of step.weights) feeds[name] = data.slice();
      const gradients = evaluate(
        names.map((name) => outputs[`gradient.${name}`]),
        feeds,
      ).flatMap((part) => [...part]);
      const [loss] = evaluate([outputs['loss']], feeds);
      let told = 0;
      const got = await step.run([batch], () => told++);
      expect([got['loss'][0], told]).toEqual([loss[0], 1]);
      for (const [i, weight] of step.weights.buffer.entries()) {
        expect(weight).toBeCloseTo(before[i] - 0.5 * gradients[i], 6);
      }
      expect(step.weights.buffer).not.toEqual(before);
    }
  });

  it('clips the norm of the whole gradient', async () => {
    const step = make(0.01);
    await step.compile(build, 2, interpretGraphs);
    const before = step.weights.buffer.slice();
    await step.run([batch]);
    const moved = Math.hypot(...step.weights.buffer.map((weight, i) => weight - before[i]));
    expect(moved).toBeCloseTo(0.5 * 0.01, 6);
  });

  it('takes each input from the first source that has it, and names no weight among them', async () => {
    const [one, two] = [make(), make()];
    for (const step of [one, two]) await step.compile(build, 2, interpretGraphs);
    expect(['observations', 'actions', 'returns', 'fc.0.weight', 'loss'].map((name) => one.takes(name))).toEqual([
      ...[true, true, true, false, false],
    ]);
    expect(make().takes('observations')).toBe(false);
    const { returns, ...rest } = batch;
    const wrong = { returns: Float32Array.of(90, 90), 'fc.0.weight': new Float32Array(12), more: 1 };
    await one.run([batch]);
    await two.run([rest, { returns }, wrong]);
    expect(two.weights.buffer).toEqual(one.weights.buffer);
  });

  it('tells the runner how many rows threads may share, and lets go of it', async () => {
    const record = recorder();
    const step = make();
    await step.close();
    await step.compile(build, 2, record.createRunner);
    const [{ rows, outputArrays }] = record.asked;
    expect(rows).toEqual({ count: 2, build });
    expect(Object.keys(outputArrays!)).toEqual([...step.weights].map(({ name }) => `gradient.${name}`));
    expect(record.open).toBe(1);
    await step.close();
    expect(record.open).toBe(0);
  });
});

describe('DqnLearner', () => {
  const options = (change: Partial<DqnLearnerOptions> = {}): DqnLearnerOptions => ({
    ...{ network: plain, batchSize: 2, random: new Generator(5), createRunner: interpretGraphs },
    ...change,
  });
  function batchFor() {
    const batch = createBatch('float32', 2, 3);
    batch.observations.set([1, 2, 3, -1, 0, 1]);
    batch.nextObservations.set([0, 1, 0, 2, 2, -2]);
    batch.actions.set([0, 1]);
    batch.rewards.set([1, -1]);
    batch.discounts.set([0.9, 0]);
    return batch;
  }

  it('has Adam with a rate of 1e-4 where no optimizer is named', async () => {
    const learner = await DqnLearner.create(options());
    const adam = await DqnLearner.create(
      options({ createOptimizer: (size, memory) => new Adam(size, { learningRate: 1e-4, memory }) }),
    );
    expect(learner.optimizer).toBeInstanceOf(Adam);
    expect(learner.optimizer.learningRate).toBe(1e-4);
    for (const one of [learner, adam]) for (let i = 0; i < 3; i++) await one.learn(batchFor());
    expect(learner.online.buffer).toEqual(adam.online.buffer);
  });

  it.each([
    // The update of a plain bootstrap runs the online network on observations, the target network on the next ones.
    ['greedy', {}, 2],
    ['double', { bootstrap: doubleBootstrap }, 3],
  ] as const)('draws noise for the networks that an update runs, %s', async (_, change, passes) => {
    const random = new Generator(5);
    const learner = await DqnLearner.create(options({ network: noisy, random, ...change }));
    const [state] = (learner.saveState() as unknown as { noise: Snapshot[] }).noise;
    const twin = new Generator(0);
    twin.restoreState(state);
    await learner.learn(batchFor());
    for (const { shape: dims } of Array.from({ length: passes }, () => noisy.noise!).flat()) {
      twin.normalArray(new Float32Array(dims.reduce((a, b) => a * b, 1)));
    }
    expect((learner.saveState() as unknown as { noise: unknown[] }).noise[0]).toEqual(twin.saveState());
  });

  it('goes on from a saved state with the same noise, in learning and in acting', async () => {
    const observation = Float32Array.of(1, 0, -1);
    const [one, two] = [7, 8].map((seed) =>
      DqnLearner.create(options({ network: noisy, random: new Generator(seed) })),
    );
    const [saved, restored] = [await one, await two];
    for (let i = 0; i < 2; i++) {
      await saved.learn(batchFor());
      await saved.qValues(observation);
    }
    const state = structuredClone(saved.saveState());
    restored.restoreState(state);
    for (const learner of [saved, restored]) learner.optimizer.learningRate /= 2;
    for (let i = 0; i < 2; i++) {
      for (const learner of [saved, restored]) await learner.learn(batchFor());
      expect(Array.from(await restored.qValues(observation))).toEqual(Array.from(await saved.qValues(observation)));
      expect([restored.loss, restored.meanQ, ...restored.errors]).toEqual([saved.loss, saved.meanQ, ...saved.errors]);
    }
    expect(restored.saveState()).toEqual(saved.saveState());
    // A state of version 0.1.0, which had no noise.
    const { noise: _, ...old } = state as unknown as Record<string, never>;
    restored.restoreState(old);
    expect(restored.online.saveState()).toEqual(old['online']);
  });

  it('lets go of all its runners', async () => {
    const record = recorder();
    const learner = await DqnLearner.create(options({ createRunner: record.createRunner }));
    expect(record.open).toBeGreaterThan(1);
    await learner.close();
    expect(record.open).toBe(0);
  });
});

describe('PqnLearner', () => {
  const make = (change: object = {}) =>
    PqnLearner.create({
      ...{ network: plain, batchSize: 2, environments: 4, random: new Generator(5), createRunner: interpretGraphs },
      ...change,
    });
  const batch = {
    observations: Float32Array.of(1, 2, 3, -1, 0, 1),
    actions: Int32Array.of(0, 1),
    returns: Float32Array.of(3, -1),
  };

  it('has RAdam with a rate of 2.5e-4 where no optimizer is named', async () => {
    const learner = await make();
    const radam = await make({ createOptimizer: (size: number) => new RAdam(size, { learningRate: 2.5e-4 }) });
    expect(learner.optimizer).toBeInstanceOf(RAdam);
    expect(learner.optimizer.learningRate).toBe(2.5e-4);
    for (const one of [learner, radam]) for (let i = 0; i < 8; i++) await one.learn(batch);
    expect(learner.online.buffer).toEqual(radam.online.buffer);
  });

  it('saves its weights and their mean as they were, and exports copies', async () => {
    for (const averageDecay of [0, 0.9]) {
      const learner = await make({ averageDecay });
      await learner.learn(batch);
      const state = learner.saveState();
      const [before, exported] = [structuredClone(state), learner.averageWeights()];
      const copies = structuredClone(exported);
      await learner.learn(batch);
      expect(state).toEqual(before);
      expect(exported).toEqual(copies);
      const other = await make({ averageDecay, random: new Generator(6) });
      await other.learn(batch);
      other.restoreState(state);
      expect(other.averageWeights()).toEqual(copies);
    }
  });

  it('shares the rows of its environments among threads, and lets go of its runners', async () => {
    const record = recorder();
    const learner = await make({ createRunner: record.createRunner });
    expect(record.asked.map(({ rows }) => rows?.count).sort()).toEqual([2, 4]);
    await learner.close();
    expect(record.open).toBe(0);
  });
});

describe('the ends of what options allow', () => {
  it('are allowed', () => {
    expect(categoricalValues({ atoms: 2, vMin: 0, vMax: 1 }).width).toBe(2);
    for (const alpha of [0, 1]) expect(() => munchausenBootstrap({ alpha, temperature: 1, clip: -1 })).not.toThrow();
    for (const alpha of [-0.01, 1.01, Number.NaN]) {
      expect(() => munchausenBootstrap({ alpha, temperature: 1, clip: -1 })).toThrow(/alpha: got/i);
    }
  });
});

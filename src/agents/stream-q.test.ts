/** StreamQ(lambda) against PyTorch (test/oracle/stream_q_torch.py), and its parts by hand. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hashed } from '../../test/support/hashed-numbers.ts';
import { Generator } from '../core/random/index.ts';
import { sizeOf } from '../core/shape.ts';
import { leakyRelu } from '../graph/index.ts';
import { initializeSparse } from '../nn/init.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { ObGd } from '../nn/obgd.ts';
import { Parameters } from '../nn/parameters.ts';
import { ortRunnerFactory } from '../node/onnxruntime/ort-runner-factory.ts';
import { streamQCartPole } from '../recipes/stream-q.ts';
import { RunningVariance } from './running-variance.ts';
import { scalarValues } from './scalar.ts';
import { parseStreamQConfig } from './stream-q-config.ts';
import { StreamQLearner } from './stream-q-learner.ts';

interface Fixture {
  readonly options: { readonly gamma: number; readonly lambda: number; readonly learningRate: number; kappa: number };
  readonly actions: readonly number[];
  readonly greedy: readonly boolean[];
  readonly ends: readonly string[];
  readonly steps: readonly { readonly q: number; readonly delta: number; readonly scaled: number }[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
  readonly state: readonly number[];
}

const fixture = JSON.parse(readFileSync(new URL('fixtures/stream-q.json', import.meta.url), 'utf8')) as Fixture;
const [INPUTS, HIDDEN, ACTIONS] = [5, 7, 3];

it('has the errors and weights of PyTorch, over steps, cuts and ends of episodes', async () => {
  const shape = { inputShape: [INPUTS], actions: ACTIONS, hidden: [HIDDEN, HIDDEN], layerNorm: true };
  const learner = await StreamQLearner.create({
    ...fixture.options,
    network: { ...mlp({ ...shape, affineNorm: false, activation: leakyRelu }), values: scalarValues('mse') },
    inputDType: 'float32',
    standardizeObservations: true,
    scaleReward: true,
    sparsity: 0,
    random: new Generator(0),
    createRunner: ortRunnerFactory('cpu', 1),
  });
  [...learner.online].forEach(({ data, shape: own }, i) => {
    data.set(hashed(sizeOf(own), 100 + i));
  });
  const step = {
    observations: new Float32Array(INPUTS),
    actions: new Int32Array(1),
    rewards: new Float32Array(1),
    discounts: new Float32Array(1),
    nextObservations: new Float32Array(INPUTS),
  };
  learner.see(hashed(INPUTS, 1, -3, 3), step.observations);
  for (const [t, { q, delta, scaled }] of fixture.steps.entries()) {
    step.actions[0] = fixture.actions[t]!;
    step.rewards[0] = learner.scaled(hashed(1, 200 + t, -2, 2)[0]!);
    expect(step.rewards[0]).toBeCloseTo(scaled, 6);
    step.discounts[0] = fixture.ends[t] === 'terminated' ? 0 : fixture.options.gamma;
    learner.see(hashed(INPUTS, 2 + 2 * t, -3, 3), step.nextObservations);
    await learner.learn(step, fixture.greedy[t]!);
    expect(Math.abs(learner.meanQ - q), `Q of step ${t}`).toBeLessThan(2e-6);
    expect(Math.abs(learner.loss - delta ** 2 / 2), `loss of step ${t}`).toBeLessThan(2e-5);
    if (fixture.ends[t] === '') step.observations.set(step.nextObservations);
    else {
      learner.endEpisode();
      learner.see(hashed(INPUTS, 3 + 2 * t, -3, 3), step.observations);
    }
  }
  expect([...learner.online].map(({ name }) => name)).toEqual(Object.keys(fixture.weights));
  for (const { name, data } of learner.online) {
    fixture.weights[name]!.forEach((value, i) => {
      expect(Math.abs(data[i]! - value), `${name} ${i}`).toBeLessThan(2e-6);
    });
  }
  fixture.state.forEach((value, i) => {
    expect(step.observations[i]).toBeCloseTo(value, 5);
  });

  // Models see observations as they are.
  const raw = hashed(INPUTS, 900, -3, 3);
  const { 'input.mean': mean, 'input.scale': scale } = learner.exportedWeights();
  const seen = raw.map((x, i) => (x - mean![i]!) * scale![i]!);
  const q = [...(await learner.qValues(seen))];
  const peeked = await learner.peek(raw);
  q.forEach((value, a) => {
    expect(peeked[a]).toBeCloseTo(value, 5);
  });
  await learner.close();
});

describe('ObGd', () => {
  it('takes the whole step where it cannot overshoot, and less where it could', () => {
    const obgd = new ObGd(2, { learningRate: 0.1, kappa: 2 });
    const weights = Float32Array.of(0, 0);
    // M = 0.1 * 2 * 1 * 0.75 = 0.15: alpha delta z = 0.1 * 0.5 * z.
    obgd.error = 0.5;
    obgd.step(weights, Float32Array.of(0.5, -0.25));
    expect([...weights]).toEqual([Math.fround(0.025), -Math.fround(0.0125)]);
    // z = 0.5 (0.5, -0.25) + (4, 1) = (4.25, 0.875); M = 0.1 * 2 * 3 * 5.125 = 3.075, alpha / M * 3 = 0.0975609...
    obgd.error = 3;
    obgd.decay = 0.5;
    obgd.step(weights, Float32Array.of(4, 1));
    expect([...obgd.traces]).toEqual([4.25, 0.875]);
    expect(weights[0]).toBeCloseTo(0.025 + (0.3 / 3.075) * 4.25, 6);
    expect(weights[1]).toBeCloseTo(-0.0125 + (0.3 / 3.075) * 0.875, 6);
  });
  it('brings a linear value of inputs up to 1 nearer to its target, and never beyond it', () => {
    const random = new Generator(3);
    for (let trial = 0; trial < 100; trial++) {
      const x = Float32Array.from({ length: 8 }, () => (2 * random.random() - 1) * 10 ** -(trial % 4));
      const target = (2 * random.random() - 1) * 10 ** (trial % 3);
      const obgd = new ObGd(8, { learningRate: 1, kappa: 1.01 });
      obgd.error = target;
      const weights = new Float32Array(8);
      obgd.step(weights, x);
      const way = weights.reduce((sum, w, i) => sum + w * x[i]!, 0) / target;
      expect(way).toBeGreaterThan(0);
      expect(way).toBeLessThan(1);
    }
  });
  it('goes on bit for bit', () => {
    const [a, b] = [0, 1].map(() => new ObGd(3, { learningRate: 1, kappa: 2 }));
    a!.error = 1;
    a!.step(new Float32Array(3), Float32Array.of(1, 2, 3));
    b!.restoreState(a!.saveState());
    expect(b!.traces).toEqual(Float32Array.of(1, 2, 3));
    a!.clear();
    expect([...a!.traces, ...b!.traces]).toEqual([0, 0, 0, 1, 2, 3]);
  });
  it('refuses bad options', () => {
    expect(() => new ObGd(1, { learningRate: -1, kappa: 2 })).toThrow('learningRate: got -1');
    expect(() => new ObGd(1, { learningRate: 1, kappa: 0 })).toThrow('kappa: got 0, allowed is a number above 0.');
  });
});

describe('initializeSparse', () => {
  it('leaves every unit its share of inputs, biases at 0 and what has a first value of its own', () => {
    const { parameters } = mlp({ inputShape: [20], actions: 3, hidden: [30], layerNorm: true });
    const weights = new Parameters(parameters);
    initializeSparse(weights, 0.9, new Generator(1));
    const rows = (name: string, inputs: number) =>
      Array.from({ length: weights.get(name).data.length / inputs }, (_, i) =>
        weights.get(name).data.subarray(i * inputs, (i + 1) * inputs),
      );
    const used = rows('fc.0.weight', 20).map((row) => [...row.keys()].filter((i) => row[i] !== 0));
    for (const inputs of used) expect(inputs).toHaveLength(2);
    // Every input is somebody's, and not the same ones for all.
    expect(new Set(used.flat()).size).toBeGreaterThan(15);
    for (const row of rows('fc.2.weight', 30)) {
      expect(row.filter((w) => w !== 0)).toHaveLength(3);
      for (const w of row) expect(Math.abs(w)).toBeLessThan(1 / Math.sqrt(30));
    }
    for (const name of ['fc.0.bias', 'fc.2.bias', 'fc.0.norm.bias']) {
      expect(weights.get(name).data.every((w) => w === 0)).toBe(true);
    }
    expect(weights.get('fc.0.norm.weight').data.every((w) => w === 1)).toBe(true);
  });
});

describe('RunningVariance', () => {
  it('is the sample variance of all that was seen, 1 at first', () => {
    const running = new RunningVariance(2);
    const out = new Float32Array(2);
    running.add([3, -1]);
    running.standardize([3, -1], out);
    expect([...out]).toEqual([0, 0]);
    for (const sample of [
      [5, -1],
      [10, -1],
    ])
      running.add(sample);
    // Mean 6, squares 9 + 1 + 16 over 2; an element that never changes is off by nothing.
    expect([...running.mean]).toEqual([6, -1]);
    expect(running.scale(0)).toBeCloseTo(1 / Math.sqrt(13), 8);
    running.standardize([10, -1], out);
    expect(out[0]).toBeCloseTo(4 / Math.sqrt(13), 6);
    expect(out[1]).toBe(0);
    const other = new RunningVariance(2);
    other.restoreState(running.saveState());
    running.add([0, 0]);
    other.add([0, 0]);
    expect(other.saveState()).toEqual(running.saveState());
    const forged = { count: 3, mean: new Float64Array(2), squares: Float64Array.of(1, -1) };
    expect(() => other.restoreState(forged)).toThrow(
      'The saved statistics has squares[1] -1, allowed is a number from 0',
    );
    expect(() => other.restoreState({ ...forged, mean: new Float64Array(3) })).toThrow('allowed is Float64Array(2).');
  });
});

describe('parseStreamQConfig', () => {
  const { config } = streamQCartPole;
  it('accepts the recipe', () => {
    expect(parseStreamQConfig(config)).toEqual(config);
  });
  it.each([
    [{ sparsity: 1 }, 'sparsity: got 1, allowed is below 1.'],
    [{ lambda: 1.1 }, 'lambda: got 1.1, allowed is at most 1.'],
    [{ kappa: 0 }, 'kappa: got 0, allowed is above 0.'],
    [{ network: { ...config.network, noisy: { sigma: 1 } } }, 'network.noisy: got {"sigma":1}, allowed is null'],
    [{ epsilonFinal: 1, epsilonStart: 0.5 }, 'epsilonFinal: got 1, allowed is at most epsilonStart (0.5).'],
    [{ batchSize: 1 }, 'configuration: got "batchSize", allowed is one of preprocessing,'],
  ])('refuses %j', (change, message) => {
    expect(() => parseStreamQConfig({ ...config, ...change })).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { RUNNING, TERMINATED, TRUNCATED } from '../core/episode-end.ts';
import { Generator } from '../core/random/index.ts';
import { evaluate, modelSpec } from '../graph/index.ts';
import { impala } from '../nn/networks/impala.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { RAdam } from '../nn/radam.ts';
import { ortRunnerFactory } from '../node/onnxruntime/ort-runner-factory.ts';
import { pqnCartPole, pqnPong } from '../recipes/pqn.ts';
import { buildPqnUpdate, lambdaReturns } from './pqn.ts';
import { parsePqnConfig } from './pqn-config.ts';
import { PqnLearner } from './pqn-learner.ts';
import { scalarValues } from './scalar.ts';

/** Returns of one environment. */
function returns(lambda: number, rewards: number[], ends: number[], nextValues: number[], gamma = 0.5): number[] {
  const steps = rewards.length;
  const out = new Float32Array(steps);
  const options = { steps, environments: 1, gamma, lambda };
  lambdaReturns(Float32Array.from(rewards), Uint8Array.from(ends), Float32Array.from(nextValues), options, out);
  return [...out];
}

describe('lambdaReturns', () => {
  const on = [RUNNING, RUNNING, RUNNING];
  it('is one-step Q-learning for lambda 0', () => {
    expect(returns(0, [1, 2, 3], on, [10, 20, 30])).toEqual([6, 12, 18]);
  });
  it('is the whole return for lambda 1', () => {
    // 3 + 30 / 2, then 2 + 18 / 2, then 1 + 11 / 2.
    expect(returns(1, [1, 2, 3], on, [10, 20, 30])).toEqual([6.5, 11, 18]);
  });
  it('mixes them', () => {
    // 2 + (18 + 20) / 4, then 1 + (11.5 + 10) / 4.
    expect(returns(0.5, [1, 2, 3], on, [10, 20, 30])).toEqual([6.375, 11.5, 18]);
  });
  it('ends with an episode: nothing after a terminated step, the value of the last observation after a cut', () => {
    expect(returns(1, [1, 2, 3], [RUNNING, TERMINATED, RUNNING], [10, 20, 30])).toEqual([2, 2, 18]);
    expect(returns(1, [1, 2, 3], [RUNNING, TRUNCATED, RUNNING], [10, 20, 30])).toEqual([7, 12, 18]);
  });
  it('is the weighted sum of n-step returns (Sutton and Barto 2018, Eq. 12.2)', () => {
    const [gamma, lambda] = [0.9, 0.7];
    const [r, v] = [
      [1, -1, 0.5, 2],
      [3, -2, 1, 4],
    ];
    const nStep = (n: number) => r.slice(0, n).reduce((sum, x, i) => sum + gamma ** i * x, 0) + gamma ** n * v[n - 1];
    let expected = lambda ** 3 * nStep(4);
    for (let n = 1; n < 4; n++) expected += (1 - lambda) * lambda ** (n - 1) * nStep(n);
    expect(returns(lambda, r, [0, 0, 0, 0], v, gamma)[0]).toBeCloseTo(expected, 5);
  });
  it('keeps environments apart', () => {
    const out = new Float32Array(4);
    const options = { steps: 2, environments: 2, gamma: 0.5, lambda: 1 };
    lambdaReturns(Float32Array.of(1, 10, 2, 20), new Uint8Array(4), Float32Array.of(0, 0, 4, 40), options, out);
    expect([...out]).toEqual([3, 30, 4, 40]);
  });
});

it('the update halves the squared error', () => {
  // Two inputs, no hidden unit off: Q = W x, so the loss by hand is mean((Q - R)^2) / 2.
  const network = { ...mlp({ inputShape: [2], actions: 2, hidden: [2] }), values: scalarValues('mse') };
  const { outputs } = buildPqnUpdate(network, 2);
  const feeds = {
    observations: [1, 2, 3, 4],
    actions: [0, 1],
    returns: [2, 1],
    'fc.0.weight': [1, 0, 0, 1],
    'fc.0.bias': [0, 0],
    'fc.2.weight': [1, 1, 2, -1],
    'fc.2.bias': [0, 0.5],
  };
  expect(Object.keys(modelSpec(outputs).inputs).sort()).toEqual(Object.keys(feeds).sort());
  const [loss, meanQ, bias] = evaluate([outputs['loss'], outputs['meanQ'], outputs['gradient.fc.2.bias']], feeds);
  // Q = 1 + 2 and 6 - 4 + 0.5, errors 1 and 1.5.
  expect(loss[0]).toBeCloseTo((1 + 2.25) / 4, 6);
  expect(meanQ[0]).toBeCloseTo(2.75, 6);
  expect([...bias]).toEqual([0.5, 0.75]);
});

it('exports the weighted mean of its weights, the newest with the largest share', async () => {
  const network = { ...mlp({ inputShape: [2], actions: 2, hidden: [2] }), values: scalarValues('mse') };
  const learner = await PqnLearner.create({
    network,
    batchSize: 2,
    environments: 1,
    createOptimizer: (size, memory) => new RAdam(size, { learningRate: 0.1, memory }),
    averageDecay: 0.5,
    random: new Generator(0),
    createRunner: ortRunnerFactory('cpu', 1),
  });
  const first = learner.averageWeights();
  for (const { name, data } of learner.online) expect(first[name]).toEqual(data);
  const observations = Float32Array.of(1, 2, 3, 4);
  const history: Float32Array[] = [];
  for (let i = 0; i < 3; i++) {
    await learner.learn({ observations, actions: Int32Array.of(0, 1), returns: Float32Array.of(5, -3) });
    history.push(learner.online.buffer.slice());
  }
  // Shares of 1/7, 2/7 and 4/7.
  const flat = Object.values(learner.averageWeights()).flatMap((data) => [...data]);
  flat.forEach((value, i) => {
    expect(value).toBeCloseTo((history[0][i] + 2 * history[1][i] + 4 * history[2][i]) / 7, 5);
  });
  await learner.close();
  expect(flat.some((value, i) => Math.abs(value - history[2][i]) > 1e-3)).toBe(true);
});

describe('parsePqnConfig', () => {
  it('accepts the recipes', () => {
    expect(parsePqnConfig(pqnPong.config)).toEqual(pqnPong.config);
    expect(parsePqnConfig(pqnCartPole.config)).toEqual(pqnCartPole.config);
  });
  it.each([
    [{ averageDecay: 1 }, 'averageDecay: got 1, allowed is'],
    [
      { network: { ...pqnPong.config.network, layerNorm: 'some' } },
      'network.layerNorm: got "some", allowed is one of all, dense, none.',
    ],
    [
      { network: { ...pqnPong.config.network, noisy: { sigma: 1 } } },
      'network.noisy: got {"sigma":1}, allowed is null: PQN explores by epsilon.',
    ],
    [{ lambda: 1.1 }, 'lambda: got 1.1, allowed is at most 1.'],
    [{ environments: 0 }, 'environments: got 0, allowed is at least 1.'],
    [{ minibatches: 7 }, 'minibatches: got 7, allowed is a divisor of environments x rolloutSteps (1024).'],
    [{ rolloutSteps: 1.5 }, 'rolloutSteps: got 1.5, allowed is an int.'],
    [{ epsilonFinal: 1, epsilonStart: 0.5 }, 'epsilonFinal: got 1, allowed is at most epsilonStart (0.5).'],
    [{ lamda: 1 }, 'configuration: got "lamda", allowed is one of preprocessing,'],
  ])('refuses %j', (change, message) => {
    expect(() => parsePqnConfig({ ...pqnPong.config, ...change })).toThrow(message);
  });
});

it('exports with mean weights the singular vectors of those, not the mean of vectors', async () => {
  const built = impala({ inputShape: [2, 20, 20], actions: 2, hidden: 4, scale: 1 / 8, spectralNorm: true });
  const learner = await PqnLearner.create({
    network: { ...built, values: scalarValues('mse') },
    batchSize: 2,
    environments: 1,
    createOptimizer: (size, memory) => new RAdam(size, { learningRate: 0.05, memory }),
    averageDecay: 0.9,
    random: new Generator(4),
    createRunner: ortRunnerFactory('cpu', 1),
  });
  const random = new Generator(5);
  const batch = { observations: new Uint8Array(1600), actions: new Int32Array(2), returns: new Float32Array(2) };
  for (let update = 0; update < 30; update++) {
    for (let i = 0; i < 1600; i++) batch.observations[i] = random.integers(0, 256);
    batch.returns.fill(update % 3);
    await learner.learn(batch);
  }
  const weights = learner.averageWeights();
  const spectral = Object.keys(weights).filter((name) => name.endsWith('_u'));
  expect(spectral).toHaveLength(12);
  for (const name of spectral) {
    const [w, u, v] = [name.slice(0, -2), name, `${name.slice(0, -2)}_v`].map((key) => [...weights[key]]);
    expect(Math.hypot(...u), name).toBeCloseTo(1, 5);
    expect(Math.hypot(...v), name).toBeCloseTo(1, 5);
    // v is W'u, normalised: what one round of the power iteration gives.
    const back = v.map((_, j) => u.reduce((sum, ui, i) => sum + ui * w[i * v.length + j], 0));
    const length = Math.hypot(...back);
    for (const [j, x] of back.entries()) expect(v[j], name).toBeCloseTo(x / length, 5);
  }
  await learner.close();
});

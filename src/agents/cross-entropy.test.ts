import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { evaluate, type Feed } from '../graph/index.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { crossEntropyCartPole } from '../recipes/cross-entropy.ts';
import { buildCrossEntropyUpdate, drawBySoftmax, eliteBound } from './cross-entropy.ts';
import { parseCrossEntropyConfig } from './cross-entropy-config.ts';
import { scalarValues } from './scalar.ts';

describe('eliteBound', () => {
  // numpy.percentile of the same values.
  it.each([
    [[1, 2, 3, 4], 70, 3.1],
    [[4, 1, 3, 2], 50, 2.5],
    [[10, 20], 0, 10],
    [[10, 20], 100, 20],
    [[7], 70, 7],
    [[-3, -1, -2, 5, 0], 30, -1.8],
  ])('of %j at %i is %f', (returns, percentile, bound) => {
    expect(eliteBound(returns, percentile)).toBeCloseTo(bound, 12);
  });
});

describe('drawBySoftmax', () => {
  it('draws each action as often as softmax says', () => {
    // Scores ln 1, ln 3, ln 6: shares 0.1, 0.3, 0.6.
    const scores = [0, Math.log(3), Math.log(6)];
    expect([0, 0.099, 0.101, 0.399, 0.401, 0.999].map((draw) => drawBySoftmax(scores, draw))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
  });
  it('draws among the allowed ones', () => {
    const scores = [0, Math.log(3), 1000];
    expect([0.24, 0.26, 0.9999999].map((draw) => drawBySoftmax(scores, draw, [1, 1, 0]))).toEqual([0, 1, 1]);
    expect(drawBySoftmax(scores, 0.5, [1, 0, 0])).toBe(0);
  });
  it('does not overflow, nor run past the end', () => {
    expect(drawBySoftmax([1e4, -1e4], 0.999999)).toBe(0);
    expect(drawBySoftmax([0, 0, 0], 1 - 2 ** -53)).toBe(2);
  });
});

describe('the update', () => {
  const network = {
    ...mlp({ inputShape: [2], hidden: [], actions: 3, dueling: false, width: 1 }),
    values: scalarValues('mse'),
  };
  const rows = 4;
  const { outputs } = buildCrossEntropyUpdate(network, rows);
  const [{ name: weightName }, { name: biasName }] = network.parameters;
  const random = new Generator(3);
  const weight = Float32Array.from({ length: 6 }, () => random.standardNormal());
  const bias = Float32Array.from({ length: 3 }, () => random.standardNormal());
  const observations = Float32Array.of(1, 2, -1, 0.5, 0.3, -2, 9, 9);
  const actions = Int32Array.of(0, 2, 1, 1);
  const run = (weights: number[], observed = observations) => {
    const feeds: Record<string, Feed> = {
      observations: observed,
      actions,
      weights: Float32Array.from(weights),
      [weightName]: weight,
      [biasName]: bias,
    };
    return evaluate([outputs['loss'], outputs['meanScore'], outputs[`gradient.${biasName}`]], feeds);
  };
  /** log softmax, and the gradient of the bias by hand: mean of softmax - one hot. */
  const byHand = () => {
    let [loss, meanScore] = [0, 0];
    const gradient = [0, 0, 0];
    for (let row = 0; row < 3; row++) {
      const scores = [0, 1, 2].map(
        (a) => weight[2 * a] * observations[2 * row] + weight[2 * a + 1] * observations[2 * row + 1] + bias[a],
      );
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      loss -= (scores[actions[row]] - Math.log(total)) / 3;
      meanScore += scores[actions[row]] / 3;
      scores.forEach((score, a) => {
        gradient[a] += (Math.exp(score) / total - (a === actions[row] ? 1 : 0)) / 3;
      });
    }
    return { loss, meanScore, gradient };
  };

  it("is the classifier's loss over the elite's rows, whatever stands in the others", () => {
    const weights = [4 / 3, 4 / 3, 4 / 3, 0];
    const expected = byHand();
    for (const fourth of [9, -5]) {
      const [[loss], [meanScore], gradient] = run(weights, Float32Array.of(...observations.subarray(0, 6), fourth, 1));
      expect(loss).toBeCloseTo(expected.loss, 5);
      expect(meanScore).toBeCloseTo(expected.meanScore, 5);
      expected.gradient.forEach((value, a) => {
        expect(gradient[a]).toBeCloseTo(value, 5);
      });
    }
  });
});

it('a configuration names the key that is wrong', () => {
  const { config } = crossEntropyCartPole;
  expect(parseCrossEntropyConfig(config)).toEqual(config);
  expect(() => parseCrossEntropyConfig({ ...config, elitePercentile: 101 })).toThrow('elitePercentile');
  const noisy = { ...config.network, noisy: { sigma: 0.5 } };
  expect(() => parseCrossEntropyConfig({ ...config, network: noisy })).toThrow('network.noisy');
});

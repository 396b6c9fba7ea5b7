/** One learning step of each member of the family on ONNX Runtime, against PyTorch's; and small cases by hand. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hashed } from '../../test/support/hashed-numbers.ts';
import { sizeOf } from '../core/shape.ts';
import { emitOnnx, evaluate, Graph, modelSpec, type TypedArray } from '../graph/index.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { noisyLinear } from '../nn/noisy-linear.ts';
import { createOrtRunner } from '../node/onnxruntime/ort-runner.ts';
import type { Bootstrap } from './bootstrap.ts';
import { categoricalValues, projectDistribution } from './categorical.ts';
import { doubleBootstrap } from './double.ts';
import { buildDqnUpdate, buildQValues, NOISE_PREFIXES, type QNetwork } from './dqn.ts';
import { gaussianHistogram, hlGaussValues } from './hl-gauss.ts';
import { implicitQuantileValues } from './implicit-quantile.ts';
import { munchausenBootstrap } from './munchausen.ts';
import { quantileHuberLosses, quantileValues } from './quantile.ts';
import { scalarValues } from './scalar.ts';
import type { ValueHead } from './value-head.ts';

interface Case {
  readonly name: string;
  readonly values: 'scalar' | 'categorical' | 'hl-gauss' | 'quantile' | 'implicit';
  readonly width: number;
  readonly loss: 'mse' | 'huber' | 'cross-entropy';
  readonly dueling: boolean;
  readonly noisy: boolean;
  readonly double: boolean;
  readonly munchausen: number;
  readonly weighted: boolean;
  readonly result: { readonly loss: number; readonly meanQ: number; readonly errors: readonly number[] };
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

// Written by test/oracle/family_torch.py.
const { cases } = JSON.parse(readFileSync(new URL('fixtures/family.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};
const [BATCH, INPUTS, HIDDEN, ACTIONS] = [6, 5, 7, 3];
const SECOND = 4;
const TAUS = { cosines: 6, taus: 5, targetTaus: 4, actingTaus: 3 };

function valuesOf({ values, width, loss }: Case): ValueHead {
  if (values === 'categorical') return categoricalValues({ atoms: width, vMin: -1.5, vMax: 2 });
  if (values === 'hl-gauss') return hlGaussValues({ bins: width, vMin: -1.5, vMax: 2, sigma: 0.75 });
  if (values === 'implicit') return implicitQuantileValues(TAUS);
  return values === 'quantile' ? quantileValues(width) : scalarValues(loss as 'mse' | 'huber');
}

function networkOf(member: Case): QNetwork {
  const values = valuesOf(member);
  const layer = member.noisy ? noisyLinear() : undefined;
  const hidden = member.values === 'implicit' ? [HIDDEN, SECOND] : [HIDDEN];
  const shape = { inputShape: [INPUTS], actions: ACTIONS, hidden, cosines: values.taus?.cosines };
  return { ...mlp({ ...shape, dueling: member.dueling, width: values.width, layer }), values };
}

function bootstrapOf({ double, munchausen }: Case): Bootstrap | undefined {
  if (munchausen > 0) return munchausenBootstrap({ alpha: munchausen, temperature: 0.3, clip: -1 });
  return double ? doubleBootstrap : undefined;
}

describe.each(cases)('$name', (member) => {
  const network = networkOf(member);
  const options = { batchSize: BATCH, bootstrap: bootstrapOf(member), weighted: member.weighted };
  const { graph, outputs } = buildDqnUpdate(network, options);
  const spec = modelSpec(outputs);
  const all: Record<string, TypedArray> = {
    observations: hashed(BATCH * INPUTS, 1),
    nextObservations: hashed(BATCH * INPUTS, 2),
    actions: Int32Array.from(hashed(BATCH, 3, 0, ACTIONS)),
    rewards: hashed(BATCH, 4, -3, 3),
    discounts: hashed(BATCH, 5, 0, 1).map((v) => (v < 0.25 ? 0 : 0.9)),
    weights: hashed(BATCH, 6, 0.1, 1),
    taus: hashed(BATCH * TAUS.taus, 7, 0, 1),
    'target.taus': hashed(BATCH * TAUS.targetTaus, 8, 0, 1),
  };
  network.parameters.forEach(({ name, shape }, i) => {
    all[name] = hashed(sizeOf(shape), 100 + i);
    all[`target.${name}`] = hashed(sizeOf(shape), 200 + i);
  });
  NOISE_PREFIXES.forEach((prefix, k) => {
    (network.noise ?? []).forEach(({ name, shape }, i) => {
      all[`${prefix}${name}`] = hashed(sizeOf(shape), 300 + 100 * k + i, -2, 2);
    });
  });
  const feeds = Object.fromEntries(Object.keys(spec.inputs).map((name) => [name, all[name]]));

  it('has the loss, errors and gradients of PyTorch', async () => {
    const runner = await createOrtRunner(emitOnnx(graph, { outputs }), spec);
    const fetches = await runner.run(feeds);
    const { loss, meanQ, errors } = member.result;
    expect(Math.abs(fetches['loss'][0] / loss - 1)).toBeLessThan(1e-5);
    expect(Math.abs(fetches['meanQ'][0] - meanQ)).toBeLessThan(1e-5);
    // A divergence is a difference of two sums.
    for (const [i, error] of errors.entries()) expect(Math.abs(fetches['errors'][i] - error)).toBeLessThan(2e-5);
    expect(network.parameters.map(({ name }) => name)).toEqual(Object.keys(member.gradients));
    for (const [name, expected] of Object.entries(member.gradients)) {
      const scale = Math.max(...expected.map(Math.abs), 1e-3);
      const worst = Math.max(...expected.map((v, i) => Math.abs(fetches[`gradient.${name}`][i] - v)));
      expect(worst / scale, name).toBeLessThan(1e-4);
    }
    await runner.release();
  });

  it('exports action values [N, actions] without noise', async () => {
    const q = buildQValues(network, 2);
    expect(q.outputs['q'].shape).toEqual([2, ACTIONS]);
    const inputs = Object.keys(modelSpec(q.outputs).inputs);
    expect(inputs.some((name) => name.includes('noise') || name.includes('sigma'))).toBe(false);
    // With a free batch: two observations give what each alone gives.
    const initializers = Object.fromEntries(
      inputs.filter((name) => name !== 'observations').map((name) => [name, all[name] as Float32Array]),
    );
    const bytes = emitOnnx(q.graph, { outputs: q.outputs, initializers, dynamicBatch: true });
    const run = async (rows: number, observations: Float32Array) => {
      const runner = await createOrtRunner(bytes, {
        inputs: { observations: { dtype: 'float32', shape: [rows, INPUTS] } },
        outputs: { q: { dtype: 'float32', shape: [rows, ACTIONS] } },
      });
      return [...(await runner.run({ observations }))['q']];
    };
    const x = hashed(2 * INPUTS, 9);
    const both = await run(2, x);
    const each = [await run(1, x.slice(0, INPUTS)), await run(1, x.slice(INPUTS))].flat();
    both.forEach((v, i) => {
      expect(v).toBeCloseTo(each[i], 5);
    });
  });
});

describe('projectDistribution', () => {
  /** m for one sample on the support -1, 0, 1. */
  function project(p: number[], reward: number, discount: number): number[] {
    const graph = new Graph();
    const m = projectDistribution(graph.constant(p, [1, 3]), graph.constant([reward]), graph.constant([discount]), {
      atoms: 3,
      vMin: -1,
      vMax: 1,
    });
    return [...evaluate([m], {}, 'float64')[0]];
  }
  it.each([
    ['stays without reward or discount', [0.2, 0.3, 0.5], 0, 1, [0.2, 0.3, 0.5]],
    ['shares an atom between neighbours', [0, 1, 0], 0.25, 1, [0, 0.75, 0.25]],
    ['shrinks towards zero', [0.5, 0, 0.5], 0, 0.5, [0.25, 0.5, 0.25]],
    ['gathers at the reward when nothing follows', [0.2, 0.3, 0.5], 0.5, 0, [0, 0.5, 0.5]],
    ['is clipped at the ends', [0.2, 0.3, 0.5], 7, 1, [0, 0, 1]],
  ] as const)('%s', (_, p, reward, discount, expected) => {
    const m = project([...p], reward, discount);
    expected.forEach((v, i) => {
      expect(m[i]).toBeCloseTo(v, 6);
    });
  });
});

describe('gaussianHistogram', () => {
  /** m for one target on four bins of width 1 from -2 to 2. */
  function histogram(y: number, sigma = 0.75): number[] {
    const m = gaussianHistogram(new Graph().constant([y]), { bins: 4, vMin: -2, vMax: 2, sigma });
    return [...evaluate([m], {})[0]];
  }
  it.each([
    // Phi from a table of the normal distribution: Phi(1 / 0.75) = 0.908789, Phi(2 / 0.75) = 0.996170.
    ['is symmetric around a target on an edge', 0, 0.75, [0.0880554, 0.4119446, 0.4119446, 0.0880554]],
    // Phi(0.5) - Phi(-0.5) = 0.3829249, Phi(1.5) - Phi(0.5) = 0.2417303, Phi(2.5) - Phi(1.5) = 0.0605975; sum 0.9269831.
    ['is widest in the bin of its target', 0.5, 1, [0.0653707, 0.260771, 0.4130873, 0.260771]],
    ['is half a Gaussian at the end', 2, 0.75, [0.0000632, 0.0075974, 0.1747617, 0.8175776]],
    ['counts a target beyond the end as the end', 9, 0.75, [0.0000632, 0.0075974, 0.1747617, 0.8175776]],
    ['is one bin for a narrow Gaussian', -0.4, 0.01, [0, 1, 0, 0]],
  ] as const)('%s', (_, y, sigma, expected) => {
    const m = histogram(y, sigma);
    expected.forEach((v, i) => {
      expect(m[i]).toBeCloseTo(v, 5);
    });
  });
  it('has the mean of its target far from the ends', () => {
    const options = { bins: 40, vMin: -10, vMax: 10, sigma: 0.75 };
    for (const y of [-3.21, 0, 0.1, 4.44]) {
      const m = evaluate([gaussianHistogram(new Graph().constant([y]), options)], {})[0];
      expect(m.reduce((sum, p, i) => sum + p * (-9.75 + i * 0.5), 0)).toBeCloseTo(y, 3);
    }
  });
});

describe('quantileHuberLosses', () => {
  it('is least where predictions are the quantiles', () => {
    // Targets 0..3: the midpoint quantiles of two, 0.25 and 0.75, lie in [0, 1] and [2, 3].
    const graph = new Graph();
    const target = graph.constant([0, 10, 20, 30], [1, 4]);
    const taus = graph.constant([0.25, 0.75]);
    const loss = (a: number, b: number) =>
      evaluate([quantileHuberLosses(graph.constant([a, b], [1, 2]), target, taus)], {}, 'float64')[0][0];
    const best = loss(5, 25);
    for (const [a, b] of [
      [-5, 25],
      [18, 25],
      [5, 12],
      [5, 38],
      [-5, 38],
    ] as const) {
      expect(loss(a, b)).toBeGreaterThan(best + 0.5);
    }
  });
  it('weighs by hand', () => {
    // One quantile (tau = 1/2), one target: u = 3 gives (3 - 1/2) / 2, u = -0.5 gives 0.125 / 2.
    const graph = new Graph();
    const [zero, half] = [graph.constant([0], [1, 1]), graph.constant([0.5])];
    const at = (target: number) =>
      evaluate([quantileHuberLosses(zero, graph.constant([target], [1, 1]), half)], {})[0][0];
    expect(at(3)).toBeCloseTo(1.25, 6);
    expect(at(-0.5)).toBeCloseTo(0.0625, 6);
  });
});

describe('bad options', () => {
  it('are refused with the number', () => {
    expect(() => categoricalValues({ atoms: 1, vMin: 0, vMax: 1 })).toThrow(
      'atoms: got 1, allowed is a whole number, at least 2.',
    );
    expect(() => categoricalValues({ atoms: 51, vMin: 1, vMax: 1 })).toThrow('vMax: got 1, allowed is above vMin (1).');
    const hlGauss = { bins: 51, vMin: -10, vMax: 10, sigma: 0.75 };
    expect(() => hlGaussValues({ ...hlGauss, bins: 1 })).toThrow('bins: got 1, allowed is a whole number, at least 2.');
    expect(() => hlGaussValues({ ...hlGauss, vMax: -10 })).toThrow('vMax: got -10, allowed is above vMin (-10).');
    expect(() => hlGaussValues({ ...hlGauss, sigma: 0 })).toThrow('sigma: got 0, allowed is a number above 0.');
    expect(() => quantileValues(0)).toThrow('quantiles: got 0');
    expect(() => implicitQuantileValues({ ...TAUS, targetTaus: 0 })).toThrow('targetTaus: got 0');
    expect(() => munchausenBootstrap({ alpha: 2, temperature: 0.03, clip: -1 })).toThrow('munchausenAlpha: got 2');
    expect(() => munchausenBootstrap({ alpha: 0.9, temperature: 0, clip: -1 })).toThrow('munchausenTemperature: got 0');
    expect(() => munchausenBootstrap({ alpha: 0.9, temperature: 0.03, clip: 0 })).toThrow('munchausenClip: got 0');
    expect(() => noisyLinear(0)).toThrow('noisySigma: got 0');
  });
});

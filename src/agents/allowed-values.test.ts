/**
 * Targets with action masks, against plain loops over what the networks say: each member of the family, on the interpreter in
 * double precision and on ONNX Runtime. Losses and gradients are compared with those of an update without masks whose rule is
 * given the numbers of the loops.
 */
import { describe, expect, it } from 'vitest';
import { Generator } from '../core/random/index.ts';
import { sizeOf } from '../core/shape.ts';
import { emitOnnx, evaluate, Graph, modelSpec, type Tensor } from '../graph/index.ts';
import { mlp } from '../nn/networks/mlp.ts';
import { noisyLinear } from '../nn/noisy-linear.ts';
import { createOrtRunner } from '../node/onnxruntime/ort-runner.ts';
import { allowedValues } from './allowed-values.ts';
import { type Bootstrap, greedyBootstrap } from './bootstrap.ts';
import { categoricalValues, support } from './categorical.ts';
import { doubleBootstrap } from './double.ts';
import { buildDqnUpdate, NOISE_PREFIXES, type QNetwork } from './dqn.ts';
import { implicitQuantileValues } from './implicit-quantile.ts';
import { munchausenBootstrap } from './munchausen.ts';
import { quantileValues } from './quantile.ts';
import { scalarValues } from './scalar.ts';
import type { ValueHead } from './value-head.ts';

const [BATCH, INPUTS, ACTIONS] = [8, 5, 4];
/** As many drawn for targets as evenly spaced ones: the loops count both alike. */
const taus = { cosines: 5, taus: 4, targetTaus: 3, actingTaus: 3 };
const atoms = { atoms: 7, vMin: -1.5, vMax: 2 };
/** In numbers that single precision holds, as the graph's constants are singles. */
const munchausen = { alpha: 0.875, temperature: 0.25, clip: -1 };

interface Member {
  readonly name: string;
  readonly values: ValueHead;
  readonly rule: 'greedy' | 'double' | 'munchausen';
  readonly dueling?: boolean;
  readonly noisy?: boolean;
  readonly weighted?: boolean;
}

const members: readonly Member[] = [
  { name: 'plain', values: scalarValues('mse'), rule: 'greedy' },
  { name: 'double, weighted', values: scalarValues('huber'), rule: 'double', weighted: true },
  { name: 'double dueling noisy', values: scalarValues('huber'), rule: 'double', dueling: true, noisy: true },
  { name: 'categorical', values: categoricalValues(atoms), rule: 'greedy' },
  { name: 'double categorical', values: categoricalValues(atoms), rule: 'double', dueling: true },
  { name: 'quantile', values: quantileValues(6), rule: 'greedy' },
  { name: 'double quantile', values: quantileValues(6), rule: 'double' },
  { name: 'implicit', values: implicitQuantileValues(taus), rule: 'greedy' },
  { name: 'double implicit', values: implicitQuantileValues(taus), rule: 'double', dueling: true },
  { name: 'Munchausen implicit', values: implicitQuantileValues(taus), rule: 'munchausen' },
  { name: 'Munchausen', values: scalarValues('huber'), rule: 'munchausen' },
  { name: 'Munchausen quantile', values: quantileValues(6), rule: 'munchausen' },
];
const rules = { greedy: greedyBootstrap, double: doubleBootstrap, munchausen: munchausenBootstrap(munchausen) };

/** Each row allows something, most forbid something, one forbids nothing. */
function randomMasks(random: Generator): Uint8Array {
  const masks = Uint8Array.from({ length: BATCH * ACTIONS }, () => random.integers(2));
  for (let row = 0; row < BATCH; row++) masks[row * ACTIONS + random.integers(ACTIONS)] = 1;
  return masks.fill(1, 0, ACTIONS);
}

function networkOf({ values, dueling = false, noisy = false }: Member): QNetwork {
  const layer = noisy ? noisyLinear() : undefined;
  return {
    ...mlp({
      inputShape: [INPUTS],
      actions: ACTIONS,
      hidden: [9],
      dueling,
      width: values.width,
      layer,
      cosines: values.taus?.cosines,
    }),
    values,
  };
}

describe.each(members)('$name', (member) => {
  const network = networkOf(member);
  const { values, weighted } = member;
  const width = values.taus?.target ?? values.width;
  const random = new Generator(7);
  const normal = (length: number, scale = 1) => Float64Array.from({ length }, () => scale * random.normal());
  const masks = randomMasks(random);
  const nextMasks = randomMasks(random);
  const feeds: Record<string, Float64Array | Uint8Array | Int32Array> = {
    observations: normal(BATCH * INPUTS),
    nextObservations: normal(BATCH * INPUTS),
    actions: Int32Array.from({ length: BATCH }, (_, row) => masks.indexOf(1, row * ACTIONS) - row * ACTIONS),
    rewards: normal(BATCH),
    discounts: Float64Array.from({ length: BATCH }, (_, row) => (row === 2 ? 0 : 0.9)),
    taus: Float64Array.from({ length: BATCH * taus.taus }, () => random.random()),
    'target.taus': Float64Array.from({ length: BATCH * taus.targetTaus }, () => random.random()),
    weights: Float64Array.from({ length: BATCH }, () => random.random()),
    actionMasks: masks,
    nextActionMasks: nextMasks,
  };
  for (const { name, shape } of network.parameters) {
    feeds[name] = normal(sizeOf(shape), 0.7);
    feeds[`target.${name}`] = normal(sizeOf(shape), 0.7);
  }
  for (const prefix of NOISE_PREFIXES) {
    for (const { name, shape } of network.noise ?? []) feeds[`${prefix}${name}`] = normal(sizeOf(shape));
  }

  /** A network's output [batch, actions, width], without anything of an update around it. */
  function output(
    weights: '' | 'target.',
    observations: 'observations' | 'nextObservations',
    noise: string,
    drawn = false,
  ): Float64Array {
    const graph = new Graph();
    const x = graph.input(observations, 'float32', [BATCH, INPUTS]);
    const parameters = network.parameters.map(({ name, shape }) => graph.input(`${weights}${name}`, 'float32', shape));
    const noises = network.noise?.map(({ name, shape }) => graph.input(`${noise}${name}`, 'float32', shape));
    const spaced = () => graph.constant([1 / 6, 3 / 6, 5 / 6]);
    const fractions = drawn ? () => graph.input('target.taus', 'float32', [BATCH, taus.targetTaus]) : spaced;
    const at = values.taus && fractions();
    return evaluate([network.build(x, parameters, { noise: noises, taus: at })], feeds, 'float64')[0];
  }

  /** Expected values [batch, actions] of an output. */
  function expected(out: Float64Array): number[] {
    return Array.from({ length: BATCH * ACTIONS }, (_, pair) => {
      const numbers = Array.from(out.subarray(pair * width, (pair + 1) * width));
      if (!member.name.includes('categorical')) return numbers.reduce((a, b) => a + b, 0) / width;
      const total = numbers.reduce((sum, logit) => sum + Math.exp(logit), 0);
      return numbers.reduce((sum, logit, i) => sum + (Math.exp(logit) / total) * support(atoms)[i], 0);
    });
  }

  /** tau log pi of an action by the softmax policy among a row's allowed actions. */
  function logPolicy(q: number[], mask: Uint8Array, row: number, action: number): number {
    const { temperature: tau } = munchausen;
    let total = 0;
    for (let a = 0; a < ACTIONS; a++) if (mask[row * ACTIONS + a] === 1) total += Math.exp(q[row * ACTIONS + a] / tau);
    return q[row * ACTIONS + action] - tau * Math.log(total);
  }

  /** Rewards [batch] and what follows [batch, width], by loops. */
  function byLoops(): { rewards: number[]; next: number[] } {
    const target = output('target.', 'nextObservations', 'target.noise.', true);
    const [judges, judgeNoise] =
      member.rule === 'double' ? (['', 'next.noise.'] as const) : (['target.', 'target.noise.'] as const);
    const judge = expected(output(judges, 'nextObservations', judgeNoise));
    const now = member.rule === 'munchausen' ? expected(output('target.', 'observations', 'target.noise.')) : [];
    const rewards = Array.from(feeds['rewards']);
    const next: number[] = [];
    for (let row = 0; row < BATCH; row++) {
      const allowed = [0, 1, 2, 3].filter((action) => nextMasks[row * ACTIONS + action] === 1);
      const at = (action: number, k: number) => target[(row * ACTIONS + action) * width + k];
      if (member.rule === 'munchausen') {
        const taken = logPolicy(now, masks, row, feeds['actions'][row]);
        rewards[row] += munchausen.alpha * Math.min(0, Math.max(munchausen.clip, taken));
        for (let k = 0; k < width; k++) {
          let sum = 0;
          for (const action of allowed) {
            const log = logPolicy(judge, nextMasks, row, action);
            sum += Math.exp(log / munchausen.temperature) * (at(action, k) - log);
          }
          next.push(sum);
        }
        continue;
      }
      let best = allowed[0];
      for (const action of allowed) if (judge[row * ACTIONS + action] > judge[row * ACTIONS + best]) best = action;
      for (let k = 0; k < width; k++) next.push(at(best, k));
    }
    return { rewards, next };
  }

  const options = { batchSize: BATCH, weighted };
  const masked = buildDqnUpdate(network, { ...options, bootstrap: rules[member.rule], actionMasks: true });
  const names = Object.keys(masked.outputs);
  const valuesOf = ({ outputs }: { outputs: Readonly<Record<string, Tensor>> }) =>
    evaluate(Object.values(outputs), feeds, 'float64');

  it('has the loss, the errors and the gradients of the loops', () => {
    const { rewards, next } = byLoops();
    const given: Bootstrap = ({ rewards: { graph } }) => ({
      rewards: graph.input('given.rewards', 'float32', [BATCH]),
      next: graph.input('given.next', 'float32', width === 1 ? [BATCH] : [BATCH, width]),
    });
    const reference = buildDqnUpdate(network, { ...options, bootstrap: given });
    feeds['given.rewards'] = Float64Array.from(rewards);
    feeds['given.next'] = Float64Array.from(next);
    const expectedOutputs = valuesOf(reference);
    valuesOf(masked).forEach((numbers, i) => {
      for (const [k, value] of numbers.entries()) expect(value, names[i]).toBeCloseTo(expectedOutputs[i][k], 9);
    });
    // The masks change the answer.
    const free = buildDqnUpdate(network, { ...options, bootstrap: rules[member.rule] });
    expect(Math.abs(valuesOf(free)[0][0] - expectedOutputs[0][0])).toBeGreaterThan(1e-3);
  });

  it('is the same on ONNX Runtime', async () => {
    const spec = modelSpec(masked.outputs);
    const runner = await createOrtRunner(emitOnnx(masked.graph, { outputs: masked.outputs }), spec);
    const singles = Object.fromEntries(
      Object.keys(spec.inputs).map((name) => {
        const feed = feeds[name];
        return [name, feed instanceof Float64Array ? new Float32Array(feed) : feed];
      }),
    );
    const outputs = await runner.run(singles);
    valuesOf(masked).forEach((numbers, i) => {
      const scale = Math.max(...numbers.map(Math.abs), 1e-3);
      for (const [k, value] of numbers.entries()) {
        expect(Math.abs(outputs[names[i]][k] - value) / scale, names[i]).toBeLessThan(1e-4);
      }
    });
    await runner.release();
  });
});

describe('allowedValues', () => {
  it('is its argument where everything is allowed', () => {
    const graph = new Graph();
    const q = graph.input('q', 'float32', [2, 3]);
    expect(allowedValues(q, undefined)).toBe(q);
    const [values] = evaluate([allowedValues(q, graph.input('mask', 'bool', [2, 3]))], {
      q: [1, 2, 3, 4, 5, 6],
      mask: [1, 1, 1, 1, 1, 1],
    });
    expect(Array.from(values)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

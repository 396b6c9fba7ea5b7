import { describe, expect, it } from 'vitest';
import { mul, reduceSum, type Tensor } from '../graph/index.ts';
import { dqnCartPole } from '../recipes/dqn-cart-pole.ts';
import { parseDqnConfig } from './dqn-config.ts';
import type { NetworkConfig, ValuesConfig } from './network-config.ts';
import { registerNetwork, registerValueHead } from './own-kinds.ts';
import { createQNetwork } from './q-network.ts';
import { scalarValues } from './scalar.ts';

const spec = { inputShape: [4], inputDType: 'float32', actions: 2 } as const;
const { config } = dqnCartPole;
/** A configuration with a part of a kind that no type knows. */
const withPart = (part: object) => parseDqnConfig({ ...config, ...part });
/** A network that gives a row of so many numbers for each observation. */
const rows = (x: Tensor, count: number) =>
  mul(reduceSum(x, 1, { keepDims: true }), x.graph.constant(Array(count).fill(1)));

registerNetwork('constant', {
  options: { outputs: 2 },
  build: ({ outputs }) => ({ parameters: [], build: (x) => rows(x, outputs) }),
});
registerNetwork('even', {
  options: { size: 2 },
  parse: ({ size }) => {
    if (Number(size) % 2 === 1) throw new RangeError(`size is ${size}, it has to be even`);
    return { size: Number(size) };
  },
  build: () => {
    throw new Error('not built');
  },
});
registerValueHead('halved', {
  options: { share: 0.5, names: ['a'], limit: null as number | null, deep: { on: true } },
  build: ({ share }) => ({ ...scalarValues('mse'), expectedQ: (output) => mul(output, share) }),
});
const halved = { kind: 'halved', share: 0.5, names: ['a'], limit: null, deep: { on: true } };

describe('own networks and value heads', () => {
  it('are parts of a configuration, under their name or with their module', () => {
    for (const kind of ['constant', './a-module.mjs:constant']) {
      const network = { kind, outputs: 2 };
      expect(withPart({ network }).network).toEqual(network);
      const made = createQNetwork(withPart({ network, values: halved }), spec);
      expect(made).toMatchObject({ ...spec, width: 1 });
      expect(made.values.width).toBe(1);
    }
  });

  it('fit the actions, or say so', () => {
    const build = (outputs: number, values: ValuesConfig = config.values) =>
      createQNetwork({ network: { kind: 'constant', outputs } as unknown as NetworkConfig, values }, spec);
    expect(build(2).actions).toBe(2);
    expect(() => build(3)).toThrow(
      'Network constant gives [2, 3] for 2 observations; 2 actions with 1 value each are [2, 2].',
    );
    expect(() => build(2, { kind: 'quantile', quantiles: 5 })).toThrow('2 actions with 5 values each are [2, 2, 5].');
  });

  it.each([
    [{ network: { kind: 'constant' } }, 'network.outputs: got undefined, allowed is a number.'],
    [{ network: { kind: 'constant', outputs: '2' } }, 'network.outputs: got "2", allowed is a number.'],
    [{ network: { kind: 'constant', outputs: Number.NaN } }, 'network.outputs: got NaN, allowed is a number.'],
    [{ network: { kind: 'constant', outputs: 2, size: 1 } }, 'network: got "size", allowed is one of outputs.'],
    [{ network: { kind: 'even', size: 3 } }, 'size is 3, it has to be even'],
    [{ network: { kind: 'odd' } }, 'or one of your own, as ./my-network.mjs:my-network.'],
    [{ values: { ...halved, names: 'a' } }, 'values.names: got "a", allowed is a list.'],
    [{ values: { ...halved, deep: null } }, 'values.deep: got null, allowed is an object.'],
  ])('refuse %j', (part, message) => {
    expect(() => withPart(part)).toThrow(message);
  });

  it('take any value where the default is null', () => {
    expect(withPart({ values: { ...halved, limit: 7 } }).values).toEqual({ ...halved, limit: 7 });
  });

  it.each(['mlp', 'nature', 'constant'])('do not take the name %s', (name) => {
    const definition = { options: {}, build: () => ({ parameters: [], build: (x: Tensor) => x }) };
    expect(() => registerNetwork(name, definition)).toThrow(
      `network.kind: got "${name}", allowed is a name that is not registered yet.`,
    );
  });

  it.each(['scalar', 'halved', './a.mjs:b', ''])('do not take the name "%s" for a value head', (name) => {
    expect(() => registerValueHead(name, { options: {}, build: () => scalarValues('mse') })).toThrow(
      'values.kind: got',
    );
  });
});

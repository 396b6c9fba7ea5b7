import { describe, expect, it } from 'vitest';
import { corridor, ModelEnv } from '../../test/support/model-env.ts';
import { onlineConfigs } from '../../test/support/online-agents.ts';
import { MismatchError } from '../core/errors.ts';
import { TimeLimit } from '../core/time-limit.ts';
import { tabularAlgorithms } from './algorithms.ts';
import { checkState } from './check-state.ts';

const sampled = {
  gamma: 0.9,
  stepsPerIteration: 4,
  testEpisodes: 1,
  rewardBound: null,
  maxIterations: 1_000_000,
  cells: null,
  actionBins: null,
  actionMasks: false,
};
const configs: Readonly<Record<string, object>> = {
  ...onlineConfigs,
  'value-iteration': sampled,
  'q-iteration': sampled,
};
/** Three states and their end: Discrete(4). */
const model = corridor([0, 0, 8], -1);
const n = model.nStates;

/** Its n-th observation, counted from its first reset, is no state. */
class OddEnv extends ModelEnv {
  #left: number;
  readonly #odd: number;
  constructor(after: number, odd: number) {
    super(model);
    this.#left = after;
    this.#odd = odd;
  }
  override reset(options?: Parameters<ModelEnv['reset']>[0]) {
    const start = super.reset(options);
    return { ...start, observation: this.#pass(start.observation) };
  }
  override step(action: number) {
    const outcome = super.step(action);
    return { ...outcome, observation: this.#pass(outcome.observation) };
  }
  #pass(observation: number): number {
    return this.#left-- === 0 ? this.#odd : observation;
  }
}

const never = Number.POSITIVE_INFINITY;
const odds: readonly unknown[] = [n, 7, -1, 1.5, Number.NaN, never, '1', null, undefined];

describe.each(Object.keys(configs))('%s', (name) => {
  const iterate = (env: OddEnv, testEnv: OddEnv): void => {
    const often = 'testInterval' in configs[name] ? { testInterval: 2, epsilonStart: 1, epsilonFinal: 1 } : {};
    const config = { ...configs[name], ...often };
    const agent = tabularAlgorithms[name as keyof typeof tabularAlgorithms].create({ env, testEnv, config, seed: 1 });
    for (let i = 0; i < 100; i++) agent.iterate();
  };
  it('goes on where all observations are states', () => {
    iterate(new OddEnv(never, 0), new OddEnv(never, 0));
  });
  it.each(odds)('ends at the observation %s, where it explores', (odd) => {
    for (const after of [0, 1, 2, 3, 10]) {
      expect(() => iterate(new OddEnv(after, odd as number), new OddEnv(never, 0)), `after ${after}`).toThrow(
        new MismatchError(
          `The environment gave the observation ${String(odd)}, which its Discrete(${n}) does not have: allowed are 0 to ${n - 1}. Mend the environment.`,
        ),
      );
    }
  });
  it('wants another environment for its tests', () => {
    const env = new OddEnv(never, 0);
    const { create } = tabularAlgorithms[name as keyof typeof tabularAlgorithms];
    for (const testEnv of [env, new TimeLimit(env, 5)]) {
      expect(() => create({ env, testEnv, config: configs[name], seed: 1 })).toThrow(/^testEnv: got "env again"/);
    }
  });
  it('ends at one in a test', () => {
    // The first is the reset of the constructor, which nothing is made of.
    expect(() => iterate(new OddEnv(never, 0), new OddEnv(1, 7))).toThrow('gave the observation 7');
  });
});

it('gives back what is a state', () => {
  expect([0, 1, 2].map((state) => checkState(state, 3))).toEqual([0, 1, 2]);
});

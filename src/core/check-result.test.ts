import { describe, expect, it } from 'vitest';
import { corridor, ModelEnv } from '../../test/support/model-env.ts';
import { onlineConfigs } from '../../test/support/online-agents.ts';
import { tabularAlgorithms } from '../tabular/algorithms.ts';
import { runEpisode } from '../tabular/policies.ts';
import { playEpisode } from '../train/evaluate.ts';
import { SyncVectorEnv } from '../vector/sync-vector-env.ts';
import { checkReset, checkStep } from './check-result.ts';
import type { Env, ResetOptions, ResetResult, StepResult } from './env.ts';
import { BellmanError } from './errors.ts';
import { TimeLimit } from './time-limit.ts';

const start = { observation: 0, info: {} };
const step = { observation: 0, reward: 0, terminated: false, truncated: false, info: {} };

const brokenSteps: readonly (readonly [unknown, string])[] = [
  [undefined, 'step() gave undefined, not an object.'],
  [null, 'step() gave null, not an object.'],
  [[0, 0, false, false, {}], 'step() gave [0,0,false,false,{}], not an object.'],
  [Promise.resolve(step), 'step() gave a Promise, and has to answer at once.'],
  [{ ...step, terminated: undefined }, 'step() gave terminated undefined, not a boolean.'],
  [{ ...step, terminated: 1 }, 'step() gave terminated 1, not a boolean.'],
  [{ ...step, truncated: 'no' }, 'step() gave truncated "no", not a boolean.'],
  [{ ...step, info: undefined }, 'step() gave info undefined, not an object.'],
];
const brokenResets: readonly (readonly [unknown, string])[] = [
  [undefined, 'reset() gave undefined, not { observation, info }.'],
  [0, 'reset() gave 0, not { observation, info }.'],
  [[0, {}], 'reset() gave [0,{}], not { observation, info }.'],
  [Promise.resolve(start), 'reset() gave a Promise, and has to answer at once.'],
  [{ observation: 0 }, 'reset() gave info undefined, not an object.'],
];

const fault = (message: string) => new BellmanError('BAD_ENVIRONMENT', message);

it('gives back what has its parts', () => {
  expect(checkReset(start)).toBe(start);
  expect(checkStep(step)).toBe(step);
});

it.each(brokenSteps)('refuses the step %o', (result, message) => {
  expect(() => checkStep(result as typeof step)).toThrow(fault(message));
});

it.each(brokenResets)('refuses the start %o', (result, message) => {
  expect(() => checkReset(result as typeof start)).toThrow(fault(message));
});

/** A corridor that answers otherwise the second time. */
class Broken extends ModelEnv {
  #resets = 0;
  #steps = 0;
  readonly #answers: { readonly reset?: unknown; readonly step?: unknown };
  constructor(answers: { readonly reset?: unknown; readonly step?: unknown }) {
    super(corridor([0, 0, 8], -1));
    this.#answers = answers;
  }
  override reset(options?: ResetOptions): ResetResult<number> {
    const result = super.reset(options);
    return 'reset' in this.#answers && ++this.#resets === 2 ? (this.#answers.reset as typeof result) : result;
  }
  override step(action: number): StepResult<number> {
    const result = super.step(action);
    return 'step' in this.#answers && ++this.#steps === 2 ? (this.#answers.step as typeof result) : result;
  }
}

/** Each plays until it has had two resets and more than two steps. */
const players: Readonly<Record<string, (env: Env<number, number>) => unknown>> = {
  'an episode of a policy': (env) => [runEpisode(env, () => 0), runEpisode(env, () => 0)],
  'a time limit': (env) => {
    const limited = new TimeLimit(env, 9);
    for (let i = 0; i < 3; i++) {
      limited.reset();
      while (!limited.step(0).terminated);
    }
  },
  'a vector': (env) => {
    const vector = new SyncVectorEnv([() => env]);
    vector.reset();
    for (let i = 0; i < 20; i++) vector.step(Int32Array.of(0));
  },
  ...Object.fromEntries(
    Object.entries({ ...onlineConfigs, 'value-iteration': undefined, 'q-iteration': undefined }).map(
      ([name, online]) => {
        const sampled = { gamma: 0.9, stepsPerIteration: 9, testEpisodes: 1, rewardBound: null, maxIterations: 1e6 };
        const config = online ?? { ...sampled, cells: null, actionBins: null, actionMasks: false };
        const play = (env: Env<number, number>) => {
          const testEnv = new ModelEnv(corridor([0, 0, 8], -1));
          const { create } = tabularAlgorithms[name as keyof typeof tabularAlgorithms];
          const agent = create({ env, testEnv, config, seed: 1 });
          for (let i = 0; i < 100; i++) agent.iterate();
        };
        return [name, play];
      },
    ),
  ),
};

describe.each(Object.entries(players))('in %s', (_, play) => {
  it('all is well where all is there', () => {
    play(new Broken({}));
  });
  it.each(brokenSteps)('the step %o is an error', (result, message) => {
    expect(() => play(new Broken({ step: result }))).toThrow(fault(message));
  });
  it.each(brokenResets)('the start %o is one', (result, message) => {
    expect(() => play(new Broken({ reset: result }))).toThrow(fault(message));
  });
});

it.each([
  ...brokenSteps.map(([step, message]) => [{ step }, message] as const),
  ...brokenResets.map(([reset, message]) => [{ reset }, message] as const),
])('in an evaluation %o is an error', async (answers, message) => {
  const env = new Broken(answers);
  await expect(async () => {
    for (let i = 0; i < 3; i++) await playEpisode(env, () => 1, { seed: i });
  }).rejects.toThrow(fault(message));
});

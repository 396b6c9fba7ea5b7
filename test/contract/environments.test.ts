/** What every registered environment keeps to, with each of its option sets. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Env, RgbFrame } from '../../src/core/env.ts';
import { ActionError, OptionError, OrderError } from '../../src/core/errors.ts';
import { environmentIds, makeFromKwargs } from '../../src/envs/index.ts';

const optionSets: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  'FrozenLake-v1': [{}, { is_slippery: false }, { map_name: null, success_rate: 0.9 }],
  'Taxi-v4': [{}, { is_rainy: true, fickle_passenger: true, fickle_probability: 1 }],
  'Blackjack-v1': [{}, { sab: false, natural: true }],
  'Acrobot-v1': [{}, { book_or_nips: 'nips', torque_noise_max: 0.5 }],
  'CartPole-v1': [{}, { sutton_barto_reward: true, kinematics_integrator: 'semi-implicit-euler' }],
};
const cases = environmentIds().flatMap((id) =>
  (optionSets[id] ?? [{}]).map((kwargs) => ({ id, kwargs, name: `${id} ${JSON.stringify(kwargs)}` })),
);

/** A copy of a value, with pictures (and other long arrays) as hashes: comparing them byte by byte takes the test
 * runner seconds each. */
function record(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && value.byteLength > 256) {
    return createHash('sha256')
      .update(value as Uint8Array)
      .digest('hex');
  }
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  if (Array.isArray(value)) return value.map(record);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, record(part)]));
}

/** Random actions from the environment's own action space; a reset after every end. */
function play(env: Env, steps: number): unknown[] {
  const out: unknown[] = [];
  for (let t = 0; t < steps; t++) {
    const action = env.actionSpace.sample();
    const result = env.step(action);
    out.push(record({ action, ...result }));
    if (result.terminated || result.truncated) out.push(record(env.reset()));
  }
  return out;
}

describe.each(cases)('$name', ({ id, kwargs }) => {
  const makeOne = (extra: Record<string, unknown> = {}): Env => makeFromKwargs(id, { ...kwargs, ...extra });

  it('says what it was made from', () => {
    const env = makeOne();
    expect(env.spec?.id).toBe(id);
    expect(Object.keys(env.spec?.options ?? {})).toHaveLength(Object.keys(kwargs).length);
    expect(env.unwrapped.spec).toBe(env.spec);
  });

  it('gives observations of its space', () => {
    const env = makeOne();
    env.actionSpace.seed(1);
    expect(env.observationSpace.contains(env.reset({ seed: 1 }).observation)).toBe(true);
    for (let t = 0; t < 200; t++) {
      const { observation, terminated, truncated } = env.step(env.actionSpace.sample());
      expect(env.observationSpace.contains(observation)).toBe(true);
      if (terminated || truncated) env.reset();
    }
  });

  it('repeats a seed bit for bit, and another seed differs', () => {
    // One map for all three where the map is drawn at random.
    const env = makeOne();
    const run = (seed: number): string => {
      env.actionSpace.seed(seed);
      // ALE's `frame_number` counts over the whole life of an environment.
      const lines = JSON.stringify([record(env.reset({ seed })), ...play(env, 300)]);
      return lines.replace(/"frame_number":\d+/g, '');
    };
    const first = run(7);
    expect(run(7)).toBe(first);
    expect(run(8)).not.toBe(first);
  });

  it('continues from a saved state as if nothing had happened, also in another instance', () => {
    const env = makeOne();
    env.actionSpace.seed(3);
    env.reset({ seed: 3 });
    play(env, 157);
    const saved = env.saveState();
    const copy = record(saved);
    const expected = play(env, 400);
    expect(record(saved)).toEqual(copy);
    const other = makeOne();
    other.reset({ seed: 99 });
    play(other, 5);
    other.restoreState(saved);
    expect(play(other, 400)).toEqual(expected);
    env.restoreState(saved);
    expect(play(env, 400)).toEqual(expected);
  });

  it('saves and restores before the first reset and after an end', () => {
    const fresh = makeOne();
    const env = makeOne();
    env.reset({ seed: 2 });
    env.restoreState(fresh.saveState());
    expect(() => env.step(env.actionSpace.sample())).toThrow(OrderError);
  });

  it('refuses a step before reset and after the end', () => {
    const env = makeOne({ max_episode_steps: 3 });
    expect(() => env.step(env.actionSpace.sample())).toThrow(OrderError);
    env.reset({ seed: 0 });
    for (;;) {
      const { terminated, truncated } = env.step(env.actionSpace.sample());
      if (terminated || truncated) break;
    }
    expect(() => env.step(env.actionSpace.sample())).toThrow(OrderError);
    env.reset();
    env.step(env.actionSpace.sample());
  });

  it.each([
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1000,
    2 ** 32,
    '0',
    null,
    undefined,
    [0],
    0n,
    Symbol('0'),
    Int32Array.of(0),
    {},
  ])('refuses action %s and goes on', (action) => {
    const env = makeOne();
    env.reset({ seed: 0 });
    const before = record(env.saveState());
    expect(() => env.step(action)).toThrow(ActionError);
    expect(record(env.saveState())).toEqual(before);
  });

  it.each([-1, 1.5, Number.NaN, '1'])('refuses seed %s', (seed) => {
    expect(() => makeOne().reset({ seed: seed as number })).toThrow(OptionError);
  });

  it('draws in each of its modes, and the same state the same way', () => {
    expect(makeOne().render()).toBeUndefined();
    for (const mode of makeOne().metadata.renderModes) {
      const env = makeOne({ render_mode: mode });
      expect(env.renderMode).toBe(mode);
      env.actionSpace.seed(5);
      env.reset({ seed: 5 });
      play(env, 3);
      const picture = env.render() as RgbFrame | string;
      const print = record(picture);
      if (mode === 'ansi') {
        expect(picture).toMatch(/\n/);
      } else {
        const { width, height, data } = picture as RgbFrame;
        expect(data).toBeInstanceOf(Uint8Array);
        expect(data.length).toBe(width * height * 3);
        // Video encoders want even sizes; a picture has more than a few colours.
        expect([width % 2, height % 2]).toEqual([0, 0]);
        expect(new Set(data).size).toBeGreaterThan(4);
      }
      const other = makeOne({ render_mode: mode });
      other.restoreState(env.saveState());
      expect(record(other.render())).toEqual(print);
    }
  });
});

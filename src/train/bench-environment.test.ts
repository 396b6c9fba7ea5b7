import { describe, expect, it } from 'vitest';
import type { Env } from '../core/env.ts';
import { Generator } from '../core/random/index.ts';
import { Discrete } from '../spaces/index.ts';
import { stepsPerSecond } from './bench-environment.ts';

/** Notes what is done to it. Its episodes have three steps and end in turn by termination and truncation. */
class Diary {
  readonly actionSpace: unknown;
  readonly actions: unknown[] = [];
  readonly resets: { readonly before: number; readonly seed: number | undefined }[] = [];

  constructor(actionSpace: unknown) {
    this.actionSpace = actionSpace;
  }
  reset(options?: { readonly seed?: number }) {
    this.resets.push({ before: this.actions.length, seed: options?.seed });
    return { observation: 0, info: {} };
  }
  step(action: unknown) {
    this.actions.push(action);
    const at = this.actions.length % 6;
    return { observation: 0, reward: 1, terminated: at === 3, truncated: at === 0, info: {} };
  }
}

/** @param milliseconds that each step takes. */
const measured = (env: Diary, steps: number, milliseconds = 1) =>
  stepsPerSecond(env as unknown as Env, steps, 7, () => 50 + env.actions.length * milliseconds);

describe('stepsPerSecond', () => {
  it('times the steps after a warm-up of as many', () => {
    const env = new Diary(new Discrete(4));
    expect(measured(env, 100, 2)).toBe(500);
    expect(env.actions).toHaveLength(200);
  });

  it('warms up for 20,000 steps at most', () => {
    const env = new Diary(new Discrete(4));
    expect(measured(env, 20_100, 0.5)).toBe(2000);
    expect(env.actions).toHaveLength(40_100);
  });

  it('resets with the seed first, then after each end of an episode', () => {
    const env = new Diary(new Discrete(4));
    measured(env, 6);
    expect(env.resets).toEqual([
      { before: 0, seed: 7 },
      ...[3, 6, 9, 12].map((before) => ({ before, seed: undefined })),
    ]);
  });

  it.each([0, 5])('takes uniform actions from %i on, drawn beforehand: 4096, then the same again', (start) => {
    const env = new Diary(new Discrete(4, { start }));
    measured(env, 5000);
    const random = new Generator(7);
    const drawn = Array.from({ length: 4096 }, () => start + random.integers(0, 4));
    expect(env.actions.slice(0, 4096)).toEqual(drawn);
    expect(env.actions.slice(4096, 5000)).toEqual(drawn.slice(0, 904));
    expect(env.actions.slice(5000, 5010)).toEqual(drawn.slice(0, 10));
  });

  it('asks other spaces for samples, with the seed', () => {
    let calls = 0;
    const seeds: number[] = [];
    const space = {
      seed: (seed: number) => void seeds.push(seed),
      sample: () => [seeds.length, calls++],
    };
    const env = new Diary(space);
    measured(env, 3);
    expect(seeds).toEqual([7]);
    expect(calls).toBe(4096);
    expect(env.actions).toEqual([0, 1, 2, 0, 1, 2].map((i) => [1, i]));
  });
});

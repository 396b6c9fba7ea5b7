import { describe, expect, it } from 'vitest';
import type { Env, Info } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { FrozenLakeEnv, lakeActions, make } from '../envs/index.ts';
import {
  constantPolicy,
  LONGEST_EPISODE,
  mixedPolicy,
  randomPolicy,
  runEpisode,
  runPolicy,
  tablePolicy,
} from './policies.ts';

const { left, down, right } = lakeActions;

describe('policies of the exercises', () => {
  it('always left never leaves the first column without slipping', () => {
    const env = make('FrozenLake-v1', { isSlippery: false });
    const run = runPolicy(env, constantPolicy(left), 5, 0);
    expect(Array.from(run.returns)).toEqual([0, 0, 0, 0, 0]);
    expect(Array.from(run.lengths)).toEqual([100, 100, 100, 100, 100]);
    expect(run.meanLength).toBe(100);
  });
  it('left half of the time, else right', () => {
    const policy = mixedPolicy(
      [
        [left, 0.5],
        [right, 0.5],
      ],
      new Generator(1),
    );
    const counts = new Map<number, number>();
    for (let i = 0; i < 10_000; i++) {
      const action = policy(0, {});
      counts.set(action, (counts.get(action) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([left, right]);
    // Four standard deviations of a fair coin are 200.
    expect(Math.abs(counts.get(left)! - 5000)).toBeLessThan(200);
  });
  it('a random player crosses the lake about 1.4 % of the time', () => {
    const env = make('FrozenLake-v1');
    env.actionSpace.seed(2);
    const { meanReturn } = runPolicy(env, randomPolicy(env.actionSpace), 20_000, 1);
    expect(meanReturn).toBeGreaterThan(0.01);
    expect(meanReturn).toBeLessThan(0.018);
  });
  it('mixes by where a draw falls', () => {
    const draws = [0, 0.19, 0.21, 0.69, 0.71, 0.999];
    const drawn = { random: () => draws.shift() } as unknown as Generator;
    const policy = mixedPolicy(
      [
        [4, 0.2],
        [7, 0.5],
        [1, 0.3],
      ],
      drawn,
    );
    expect(Array.from({ length: 6 }, () => policy(0, {}))).toEqual([4, 4, 7, 7, 1, 1]);
  });
  it('leaves no draw without an action, though probabilities are rounded', () => {
    const drawn = { random: () => 1 - 2 ** -53 } as unknown as Generator;
    const almost: [number, number][] = [
      [4, 0.5],
      [7, 0.5 - 1e-10],
    ];
    expect(mixedPolicy(almost, drawn)(0, {})).toBe(7);
  });
  it('an action of probability 0 is never taken', () => {
    const drawn = { random: () => 0 } as unknown as Generator;
    const choices: [number, number][] = [
      [4, 0],
      [7, 1],
    ];
    expect(mixedPolicy(choices, drawn)(0, {})).toBe(7);
  });
  it('looks actions up in a table that may change', () => {
    const table = Int32Array.of(3, 1);
    const policy = tablePolicy(table);
    expect([policy(0, {}), policy(1, {})]).toEqual([3, 1]);
    table[0] = 2;
    expect(policy(0, {})).toBe(2);
  });
  it.each([
    [[]],
    [[[0, 0.5]]],
    [[[0, 1 + 2e-9]]],
    [
      [
        [0, 1.5],
        [1, -0.5],
      ],
    ],
    [
      [
        [0, Number.NaN],
        [1, 1],
      ],
    ],
  ] as [[number, number][]][])('refuses the mixture %j', (choices) => {
    const probabilities = choices.map(([, probability]) => probability);
    expect(() => mixedPolicy(choices, new Generator(1))).toThrow(
      new OptionError('choices', probabilities, 'probabilities that sum to 1'),
    );
  });
});

describe('playing', () => {
  it('repeats with a seed and goes on without one', () => {
    const env = make('FrozenLake-v1');
    const play = (seed?: number) => Array.from(runPolicy(env, constantPolicy(down), 50, seed).lengths);
    const first = play(7);
    const second = play();
    expect(second).not.toEqual(first);
    expect(play(7)).toEqual(first);
    expect(play()).toEqual(second);
  });
  it('shows every step', () => {
    const seen: number[][] = [];
    const env = make('FrozenLake-v1', { isSlippery: false });
    const path = [right, right, down, down, down, right];
    const episode = runEpisode(
      env,
      () => path[seen.length]!,
      (state, action, reward, next, ended) => seen.push([state, action, reward, next, Number(ended)]),
      1,
    );
    expect(episode).toEqual({ return: 1, length: 6, cut: false });
    expect(seen).toEqual([
      [0, right, 0, 1, 0],
      [1, right, 0, 2, 0],
      [2, down, 0, 6, 0],
      [6, down, 0, 10, 0],
      [10, down, 0, 14, 0],
      [14, right, 1, 15, 1],
    ]);
  });
  it('ends where the environment would not', () => {
    const episode = runEpisode(new FrozenLakeEnv({ isSlippery: false }), constantPolicy(left));
    expect(episode).toEqual({ return: 0, length: LONGEST_EPISODE, cut: true });
  });
  it.each([0, -1, 1.5, Number.NaN])('refuses %d episodes', (episodes) => {
    expect(() => runPolicy(make('FrozenLake-v1'), constantPolicy(left), episodes)).toThrow(OptionError);
  });

  /** Episodes of two steps in a world that counts its calls; the second of them is truncated. */
  function counting() {
    const resets: unknown[] = [];
    let calls = 0;
    const shown = () => ({ observation: calls, info: { call: calls++ } as Info });
    let taken = 0;
    const env = {
      reset: (options?: object) => {
        resets.push(options);
        return shown();
      },
      step: () => {
        taken++;
        return { ...shown(), reward: taken, terminated: taken === 2, truncated: taken === 4 };
      },
    } as unknown as Env<number, number>;
    return { env, resets };
  }
  it('gives the policy each observation and its info, and the listener what followed', () => {
    const { env, resets } = counting();
    const asked: unknown[][] = [];
    const told: unknown[][] = [];
    const policy = (observation: number, info: Info) => asked.push([observation, info['call']]);
    expect(runEpisode(env, policy, (...step) => void told.push(step))).toEqual({ return: 3, length: 2, cut: false });
    expect(asked).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(told).toEqual([
      [0, 1, 1, 1, false, { call: 1 }],
      [1, 2, 2, 2, true, { call: 2 }],
    ]);
    expect(resets).toEqual([undefined]);
  });
  it('plays a single episode too', () => {
    const { env } = counting();
    expect(runPolicy(env, constantPolicy(0), 1)).toMatchObject({ returns: Float64Array.of(3), meanReturn: 3 });
  });
  it('keeps score of episodes, the first of them seeded, ended either way', () => {
    const { env, resets } = counting();
    expect(runPolicy(env, constantPolicy(0), 2, 5)).toEqual({
      ...{ returns: Float64Array.of(3, 7), lengths: Int32Array.of(2, 2), meanReturn: 5, meanLength: 2 },
    });
    expect(resets).toEqual([{ seed: 5 }, undefined]);
  });
});

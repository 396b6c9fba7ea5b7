import { describe, expect, it } from 'vitest';
import { OptionError } from '../core/errors.ts';
import { Generator } from '../core/random/index.ts';
import { FrozenLakeEnv, lakeActions, make } from '../envs/index.ts';
import { constantPolicy, LONGEST_EPISODE, mixedPolicy, randomPolicy, runEpisode, runPolicy } from './policies.ts';

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
  it.each([
    [[]],
    [[[0, 0.5]]],
    [
      [
        [0, 1.5],
        [1, -0.5],
      ],
    ],
  ] as [[number, number][]][])('refuses the mixture %j', (choices) => {
    expect(() => mixedPolicy(choices, new Generator(1))).toThrow(OptionError);
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
    expect(episode).toEqual({ return: 1, length: 6 });
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
    expect(runEpisode(new FrozenLakeEnv({ isSlippery: false }), constantPolicy(left)).length).toBe(LONGEST_EPISODE);
  });
  it('refuses no episodes', () => {
    expect(() => runPolicy(make('FrozenLake-v1'), constantPolicy(left), 0)).toThrow(OptionError);
  });
});

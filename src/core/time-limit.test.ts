import { describe, expect, it } from 'vitest';
import { CartPoleEnv } from '../envs/classic-control/cart-pole.ts';
import { FrozenLakeEnv } from '../envs/toy-text/frozen-lake.ts';
import { OptionError, OrderError } from './errors.ts';
import { TimeLimit } from './time-limit.ts';

const STAY = 3;

/** A lake on which going up does nothing and going right wins in two steps. */
function lake(limit: number): TimeLimit<number, number> {
  return new TimeLimit(new FrozenLakeEnv({ desc: ['SFG'], isSlippery: false }), limit);
}

describe('TimeLimit', () => {
  it('truncates after the given number of steps, in every episode', () => {
    const env = lake(4);
    for (let episode = 0; episode < 3; episode++) {
      env.reset({ seed: 0 });
      const flags = [1, 2, 3, 4].map(() => env.step(STAY).truncated);
      expect(flags).toEqual([false, false, false, true]);
    }
  });

  it('leaves the end of a task alone, and sets both flags when they meet', () => {
    const env = lake(3);
    env.reset({ seed: 0 });
    env.step(2);
    expect(env.step(2)).toMatchObject({ terminated: true, truncated: false, reward: 1 });
    env.reset();
    env.step(STAY);
    env.step(2);
    expect(env.step(2)).toMatchObject({ terminated: true, truncated: true, reward: 1 });
  });

  it('refuses a step after truncation until the next reset', () => {
    const env = lake(1);
    env.reset({ seed: 0 });
    env.step(STAY);
    expect(() => env.step(STAY)).toThrow(OrderError);
    env.reset();
    expect(env.step(STAY).truncated).toBe(true);
  });

  it('counts on after a restore', () => {
    const env = lake(5);
    env.reset({ seed: 0 });
    env.step(STAY);
    env.step(STAY);
    const saved = env.saveState();
    const other = lake(5);
    other.restoreState(saved);
    expect([1, 2, 3].map(() => other.step(STAY).truncated)).toEqual([false, false, true]);
    expect(() => other.step(STAY)).toThrow(OrderError);
    other.restoreState(saved);
    expect(other.step(STAY).truncated).toBe(false);
  });

  it.each([0, -1, 2.5, Number.NaN, '7'])('refuses a limit of %s', (limit) => {
    expect(() => lake(limit as number)).toThrow(OptionError);
  });

  it('shows its limit in the spec', () => {
    const env = new TimeLimit(new CartPoleEnv(), 12);
    expect(env.spec).toBeUndefined();
    env.spec = { id: 'CartPole-v1', maxEpisodeSteps: 500, options: {} };
    expect(env.spec).toEqual({ id: 'CartPole-v1', maxEpisodeSteps: 12, options: {} });
    expect(env.unwrapped.spec?.maxEpisodeSteps).toBe(500);
  });
});

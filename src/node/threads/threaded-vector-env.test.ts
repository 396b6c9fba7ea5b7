import { afterAll, describe, expect, it } from 'vitest';
import { LivesEnv, livesSource, makeLives } from '../../../test/support/lives-env.ts';
import { troubledSource } from '../../../test/support/troubled-env.ts';
import { OptionError, OrderError, UnknownNameError } from '../../core/errors.ts';
import { makeVec, type SharedVectorOptions } from '../../vector/index.ts';
import { ThreadedVectorEnv } from './threaded-vector-env.ts';

const open: ThreadedVectorEnv[] = [];
afterAll(() => {
  for (const vector of open) vector.close();
});
function troubled(trouble: string, options: SharedVectorOptions = {}): ThreadedVectorEnv {
  const vector = new ThreadedVectorEnv(troubledSource, 4, { envOptions: { trouble }, threads: 2, ...options });
  open.push(vector);
  return vector;
}
const actions = (...list: readonly number[]) => Int32Array.from(list);

describe('ThreadedVectorEnv', () => {
  it('passes on an error of a thread, with its code, and goes on', () => {
    const vector = troubled('throws');
    vector.reset({ seed: 0 });
    // Environment 3 is in the other thread, environment 0 in the caller's.
    expect(() => vector.step(actions(0, 0, 0, 1))).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    expect(() => vector.step(actions(1, 0, 0, 0))).toThrow(/trouble: got 1/);
    const { observations } = vector.step(actions(0, 0, 0, 0));
    // A share stops at its first error, the other share does its step.
    expect(Array.from(observations as Int32Array)).toEqual([2, 2, 3, 2]);
  });

  it('says that a thread ended, then and from then on', () => {
    const vector = troubled('exits');
    vector.reset({ seed: 0 });
    expect(() => vector.step(actions(0, 0, 0, 1))).toThrow(/A thread of the vector environment ended with code 3\./);
    expect(() => vector.step(actions(0, 0, 0, 0))).toThrow(/ended with code 3/);
    expect(() => vector.saveState()).toThrow(/ended with code 3/);
  });

  it('notices that a thread ended without a word, as one does that runs out of memory', () => {
    const vector = troubled('vanishes');
    vector.reset({ seed: 0 });
    expect(() => vector.step(actions(0, 0, 0, 1))).toThrow(
      'A thread of the vector environment ended: it does not say why (memory may have run out).',
    );
    expect(() => vector.step(actions(0, 0, 0, 0))).toThrow(/A thread of the vector environment ended/);
  });

  it('says why a thread did not start', () => {
    const vector = troubled('throws', { setup: 'file:///nowhere.js' });
    expect(() => vector.reset({ seed: 0 })).toThrow(/nowhere\.js/);
    expect(() => vector.reset({ seed: 0 })).toThrow(/nowhere\.js/);
  });

  it('tells of whole games what its environments tell, as the vector in one thread does', () => {
    const threaded = new ThreadedVectorEnv(livesSource, 3, { autoresetMode: 'same-step', threads: 2 });
    open.push(threaded);
    const alone = makeVec(makeLives, 3, { autoresetMode: 'same-step' });
    const games = Array.from({ length: 3 }, (_, i) => {
      const env = new LivesEnv();
      env.reset({ seed: i });
      return env;
    });
    for (const vector of [threaded, alone]) vector.reset({ seed: 0 });
    let [lives, over, undefinedAtFirst] = [0, 0, 0];
    for (let t = 0; t < 60; t++) {
      const [a, b] = [threaded, alone].map((vector) => vector.step(actions(0, 1, 2)));
      expect(a.wholeGames).toEqual(b.wholeGames);
      if (lives === 0) undefinedAtFirst = Number(a.wholeGames === undefined);
      games.forEach((env, i) => {
        const { terminated, truncated, info } = env.step(i);
        if (!terminated && !truncated) return;
        env.reset();
        const told = { over: a.wholeGames?.over[i] === 1, reward: a.wholeGames?.returns[i] };
        expect(told).toEqual(info['whole_game']);
        lives++;
        over += Number(told.over);
      });
    }
    expect(undefinedAtFirst).toBe(0);
    expect(over).toBeGreaterThan(5);
    expect(lives).toBeGreaterThanOrEqual(3 * over);
  });

  it('draws what its environments draw', () => {
    const options = { renderMode: 'ansi', isSlippery: false };
    const vector = new ThreadedVectorEnv('FrozenLake-v1', 3, { envOptions: options, threads: 3 });
    open.push(vector);
    vector.reset({ seed: 0 });
    const before = vector.render();
    expect(new Set(before).size).toBe(1);
    vector.step(actions(0, 1, 2));
    expect(new Set(vector.render()).size).toBe(3);
  });

  it('refuses what does not fit, and calls after close', () => {
    const make = (id: string, n: number, threads: number) => () => new ThreadedVectorEnv(id, n, { threads });
    expect(make('CartPol-v1', 2, 1)).toThrow(UnknownNameError);
    expect(make('CartPole-v1', 0, 1)).toThrow(OptionError);
    expect(make('CartPole-v1', 2, 0)).toThrow(OptionError);
    expect(() => new ThreadedVectorEnv('CartPole-v1', 2, { threads: 1, gravity: 1 } as never)).toThrow(
      UnknownNameError,
    );
    const vector = troubled('throws');
    vector.close();
    expect(() => vector.reset({ seed: 0 })).toThrow(OrderError);
    vector.close();
  });
});

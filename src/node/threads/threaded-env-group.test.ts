import { describe, expect, it } from 'vitest';
import type { Env } from '../../core/env.ts';
import { make } from '../../envs/index.ts';
import { pqnCartPole } from '../../recipes/pqn.ts';
import { LocalEnvGroup } from '../../train/env-group.ts';
import { ThreadedEnvGroup } from './threaded-env-group.ts';

const ENVIRONMENTS = 5;
const view = pqnCartPole.config.preprocessing;
const cartPole = () => make('CartPole-v1') as unknown as Env<unknown, number>;
const local = () => LocalEnvGroup.of(cartPole, view, ENVIRONMENTS);
const threaded = (threads: number) =>
  new ThreadedEnvGroup({ envId: 'CartPole-v1', envKwargs: {}, view, environments: ENVIRONMENTS, threads });
const actionsOf = (step: number) => Int32Array.from({ length: ENVIRONMENTS }, (_, n) => ((step * (n + 3)) >> 1) % 2);

describe('ThreadedEnvGroup', { timeout: 60_000 }, () => {
  it.each([1, 3])('says with %i threads what one thread says', (threads) => {
    const [ours, expected] = [threaded(threads), local()];
    for (const group of [ours, expected]) group.reset(7);
    expect(ours.observations).toEqual(expected.observations);
    let ends = 0;
    for (let step = 0; step < 120; step++) {
      for (const group of [ours, expected]) group.step(actionsOf(step));
      for (const key of ['observations', 'finalObservations', 'rewards', 'ends'] as const) {
        expect(ours[key], key).toEqual(expected[key]);
      }
      ends += expected.ends.reduce((sum, end) => sum + Math.sign(end), 0);
    }
    // Poles fell, in environments of every thread.
    expect(ends).toBeGreaterThan(ENVIRONMENTS);
    ours.close();
  });

  it('saves one state, whatever the number of threads, and goes on from it', () => {
    const [two, one] = [threaded(2), threaded(1)];
    two.reset(1);
    for (let step = 0; step < 30; step++) two.step(actionsOf(step));
    const saved = two.saveState();
    one.restoreState(saved);
    expect(one.saveState()).toEqual(saved);
    expect(one.observations).toEqual(two.observations);
    for (let step = 30; step < 90; step++) for (const group of [two, one]) group.step(actionsOf(step));
    expect(one.saveState()).toEqual(two.saveState());
    expect(one.saveState()).not.toEqual(saved);
    two.close();
    one.close();
  });

  it('passes on what a thread says when it fails', () => {
    const group = threaded(2);
    group.reset(1);
    const bad = new Int32Array(ENVIRONMENTS).fill(0);
    bad[ENVIRONMENTS - 1] = 9;
    expect(() => group.step(bad)).toThrow(/A thread of the environments failed: .*9/);
    group.close();
  });
});

import { describe, expect, it } from 'vitest';
import { Discrete } from '../spaces/discrete.ts';
import { drawExploration, explores, fillGreedy, GREEDY } from './epsilon-greedy.ts';
import { Generator } from './random/index.ts';

describe('drawExploration', () => {
  it('draws a coin for each environment, and a die for those that explore', () => {
    const [coins, dice] = [new Generator(3), new Generator(4)];
    const [coinsAgain, diceAgain] = [new Generator(3), new Generator(4)];
    const out = new Int32Array(50);
    expect(drawExploration(0.4, coins, dice, 6, out)).toBe(true);
    const byHand = Array.from({ length: 50 }, () => (coinsAgain.random() < 0.4 ? diceAgain.integers(6) : GREEDY));
    expect(Array.from(out)).toEqual(byHand);
  });
  it('says when nobody acts greedily', () => {
    const random = new Generator(1);
    expect(drawExploration(1, random, random, 3, new Int32Array(9))).toBe(false);
    expect(drawExploration(0, random, random, 3, new Int32Array(9))).toBe(true);
    expect(explores(1, random)).toBe(true);
    expect(explores(0, random)).toBe(false);
  });
  it('draws from the allowed actions as a space does with a mask, one draw each', () => {
    const actions = 5;
    const random = new Generator(9);
    const environments = 200;
    const masks = Uint8Array.from({ length: environments * actions }, () => random.integers(2));
    for (let n = 0; n < environments; n++) masks[n * actions + random.integers(actions)] = 1;
    const space = new Discrete(actions, { seed: 4 });
    const out = new Int32Array(environments);
    drawExploration(1, random, new Generator(4), actions, out, masks);
    const expected = Array.from({ length: environments }, (_, n) =>
      space.sample(Int8Array.from(masks.subarray(n * actions, (n + 1) * actions))),
    );
    expect(Array.from(out)).toEqual(expected);
  });
});

describe('fillGreedy', () => {
  const q = [1, 5, 3, /**/ 7, 0, 7, /**/ 2, 2, 2];
  it('fills what was left open, ties to the first', () => {
    const out = Int32Array.of(GREEDY, GREEDY, 2);
    fillGreedy(q, 3, out);
    expect(Array.from(out)).toEqual([1, 0, 2]);
  });
  it('takes allowed actions only', () => {
    const out = Int32Array.of(GREEDY, GREEDY, GREEDY);
    fillGreedy(q, 3, out, Uint8Array.of(1, 0, 1, /**/ 0, 1, 1, /**/ 0, 1, 1));
    expect(Array.from(out)).toEqual([2, 2, 1]);
  });
});

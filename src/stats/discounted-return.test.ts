import { describe, expect, it } from 'vitest';
import { make } from '../envs/index.ts';
import { evaluate, playEpisode } from '../train/evaluate.ts';
import { discountedReturn } from './discounted-return.ts';

describe('discountedReturn', () => {
  it('of n ones is (1 - gamma^n) / (1 - gamma)', () => {
    for (const gamma of [0, 0.5, 0.9, 0.99]) {
      for (const n of [0, 1, 2, 10, 500]) {
        expect(discountedReturn(new Array<number>(n).fill(1), gamma)).toBeCloseTo((1 - gamma ** n) / (1 - gamma), 9);
      }
    }
  });

  it('weighs each reward by its time, and with gamma 1 is the sum', () => {
    expect(discountedReturn([3, 0, 8, -2], 0.5)).toBe(3 + 8 / 4 - 2 / 8);
    expect(discountedReturn(Float64Array.of(3, 0, 8, -2), 1)).toBe(9);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses gamma %d', (gamma) => {
    expect(() => discountedReturn([1], gamma)).toThrow(/gamma: got/);
  });
});

describe('an evaluation', () => {
  it('gives the discounted return of each episode where it is asked for', async () => {
    const lake = make('FrozenLake-v1', { isSlippery: false });
    // Down, down, right, down, right, right: the sixth step pays 1.
    const path = [1, 1, 2, 1, 2, 2];
    let step = 0;
    const played = await playEpisode(lake, () => path[step++], { gamma: 0.9 });
    expect(played).toMatchObject({ totalReward: 1, steps: 6 });
    expect(played.discountedReward).toBeCloseTo(0.9 ** 5, 12);

    // The pole stands for n steps and pays 1 for each.
    const pole = make('CartPole-v1');
    const player = { env: pole, act: () => 0, randomAction: () => 0 };
    const records = await evaluate(player, { episodes: 5, seed: 3, gamma: 0.95 });
    expect(new Set(records.map(({ steps }) => steps)).size).toBeGreaterThan(1);
    for (const { steps, discountedReward } of records) {
      expect(discountedReward).toBeCloseTo((1 - 0.95 ** steps) / (1 - 0.95), 10);
    }
    const [plain] = await evaluate(player, { episodes: 1, seed: 3 });
    expect(plain.discountedReward).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { MismatchError } from '../../core/errors.ts';
import { MersenneTwister } from './mersenne-twister.ts';

describe('MersenneTwister', () => {
  it('draws the number that the C++ standard names: the 10,000th with seed 5489 is 4123659995', () => {
    const generator = new MersenneTwister(5489);
    for (let i = 1; i < 10_000; i++) generator.next();
    expect(generator.next()).toBe(4_123_659_995);
  });

  it('begins as the reference code does with seed 5489', () => {
    const generator = new MersenneTwister(5489);
    expect([generator.next(), generator.next(), generator.next()]).toEqual([3499211612, 581869302, 3890346734]);
    expect(new MersenneTwister(5489).nextDouble()).toBe(3499211612 / 2 ** 32);
  });

  it.each([0, 1, 623, 624, 1000])('goes on from the state after %i draws', (draws) => {
    const generator = new MersenneTwister(7);
    for (let i = 0; i < draws; i++) generator.next();
    const other = new MersenneTwister(99);
    other.restore(generator.save());
    for (let i = 0; i < 1300; i++) expect(other.next()).toBe(generator.next());
  });

  it('refuses what is no state', () => {
    expect(() => new MersenneTwister(0).restore(new Uint32Array(3))).toThrow(MismatchError);
  });
});

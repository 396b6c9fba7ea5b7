import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSpace } from './parse-space.ts';
import { owenScramble, SOBOL_DIMENSIONS, sobolBits, unitOfBits } from './sobol.ts';
import { SobolSampler } from './sobol-sampler.ts';

describe("Sobol's sequence", () => {
  it("has SciPy's first 1,000 points in 20 dimensions", () => {
    const { dimensions, points, data } = JSON.parse(
      readFileSync(new URL('fixtures/sobol.json', import.meta.url), 'utf8'),
    ) as { dimensions: number; points: number; data: string };
    const bytes = Buffer.from(data, 'base64');
    const theirs = Array.from({ length: points * dimensions }, (_, i) => bytes.readUInt16LE(2 * i) * 65_536);
    const ours = theirs.map((_, i) => sobolBits(Math.floor(i / dimensions), i % dimensions));
    expect(ours).toEqual(theirs);
  });

  it('has 64 dimensions, each of them even', () => {
    for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension++) {
      const cells = Array.from({ length: 256 }, (_, n) => sobolBits(n, dimension) >>> 24);
      expect(new Set(cells).size).toBe(256);
    }
    expect(() => sobolBits(0, 64)).toThrow('space: got "65 keys", allowed is at most 64 for Sobol points.');
  });
});

describe('scrambled points', () => {
  const seeds = [0x12345678, 0x9abcdef0];
  const scrambled = (n: number, dimension: number) => owenScramble(sobolBits(n, dimension), seeds[dimension]);

  it.each([
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ])('of the first two dimensions have one in each box of 2^-%d by 2^-rest', (width) => {
    // Sobol's first two dimensions are a (0, 8, 2)-net, which Owen's scrambling leaves one.
    const boxes = Array.from({ length: 256 }, (_, n) => {
      const x = Math.floor((scrambled(n, 0) / 2 ** 32) * 2 ** width);
      const y = Math.floor((scrambled(n, 1) / 2 ** 32) * 2 ** (8 - width));
      return `${x} ${y}`;
    });
    expect(new Set(boxes).size).toBe(256);
  });

  it('are uniform over seeds, in every bit', () => {
    const n = 4000;
    for (const bits of [0, 0xffffffff, 0x40000000]) {
      const ones = new Array<number>(32).fill(0);
      for (let seed = 0; seed < n; seed++) {
        const word = owenScramble(bits, seed);
        for (let b = 0; b < 32; b++) ones[b] += (word >>> b) & 1;
      }
      for (const count of ones) expect(Math.abs(count - n / 2)).toBeLessThan(4.5 * Math.sqrt(n / 4));
    }
  });

  it('hide where the bits above differ', () => {
    // Flips of the second bit under either first bit are independent coins.
    const same = Array.from({ length: 4000 }, (_, seed) => {
      const flip = (bits: number) => ((owenScramble(bits, seed) >>> 30) & 1) ^ ((bits >>> 30) & 1);
      return flip(0) === flip(0x80000000) ? 1 : 0;
    }).reduce<number>((sum, one) => sum + one, 0);
    expect(Math.abs(same - 2000)).toBeLessThan(4.5 * Math.sqrt(1000));
  });

  it('lie inside (0, 1)', () => {
    expect(unitOfBits(0)).toBeGreaterThan(0);
    expect(unitOfBits(0xffffffff)).toBeLessThan(1);
  });
});

describe('the sampler', () => {
  const space = parseSpace(['a=0..1', 'b=1..16:int', 'c=x,y']);

  it('spreads 16 trials evenly over each key', () => {
    const trials = Array.from({ length: 16 }, (_, number) => new SobolSampler(3).sample(space, [], number));
    expect(new Set(trials.map(({ a }) => Math.floor((a as number) * 16))).size).toBe(16);
    expect(new Set(trials.map(({ b }) => b)).size).toBe(16);
    expect(trials.filter(({ c }) => c === 'x')).toHaveLength(8);
    expect(new SobolSampler(4).sample(space, [], 0)).not.toEqual(trials[0]);
  });
});

import { describe, expect, it } from 'vitest';
import { Generator } from './random/index.ts';
import { cos, sin } from './trig.ts';

/** Sine and cosine in fixed point with 200 bits, by reduction with 200 bits of pi and Taylor series. */
const BITS = 200n;
const ONE = 1n << BITS;
// 2 pi = 6.283185307179586476925286766559005768394338798750211641949889184615632812572417997...
const DIGITS = 6283185307179586476925286766559005768394338798750211641949889184615632812572417997n;
const TURN = (DIGITS * ONE) / 10n ** BigInt(DIGITS.toString().length - 1);

function fixedPoint(x: number): bigint {
  // A double is an integer times a power of two.
  const exponent = Math.max(-1000, Math.floor(Math.log2(Math.abs(x)))) - 53;
  const mantissa = BigInt(x / 2 ** exponent);
  const shift = BITS + BigInt(exponent);
  return shift >= 0n ? mantissa << shift : mantissa >> -shift;
}

function exact(x: number, start: 0 | 1): number {
  const angle = fixedPoint(x) % TURN;
  let term = start === 0 ? angle : ONE;
  let sum = 0n;
  for (let n = start === 0 ? 1n : 0n; term !== 0n; n += 2n) {
    sum += term;
    term = (-((term * angle) >> BITS) * angle) >> BITS;
    term /= (n + 1n) * (n + 2n);
    if (term === -1n) break;
  }
  // Number() rounds a BigInt to nearest, ties to even.
  return Number(sum) / Number(ONE);
}

describe.each([
  ['sin', sin, 0],
  ['cos', cos, 1],
] as const)('%s', (_, f, start) => {
  it('is the exact value, rounded once', () => {
    const generator = new Generator(5);
    for (const range of [0.01, 0.3, 4, 100, 100_000]) {
      for (let i = 0; i < 400; i++) {
        const x = generator.uniform(-range, range);
        expect({ x, y: f(x) }).toEqual({ x, y: exact(x, start) });
      }
    }
  });

  it('knows the ends of its range', () => {
    expect(Object.is(f(-0), start === 0 ? -0 : 1)).toBe(true);
    expect(f(Number.NaN)).toBeNaN();
    expect(f(Infinity)).toBeNaN();
    expect(f(3e8)).toBeCloseTo(Math[start === 0 ? 'sin' : 'cos'](3e8), 12);
    expect(f(Math.PI / 2)).toBe(start === 0 ? 1 : 6.123233995736766e-17);
    expect(f(Math.PI)).toBe(start === 0 ? 1.2246467991473532e-16 : -1);
  });
});

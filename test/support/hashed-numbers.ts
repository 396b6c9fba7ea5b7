/**
 * Numbers that look random and are the same in every language: what the oracles of PyTorch feed
 * (test/oracle/hashed_numbers.py) and their tests.
 */

/** `n` numbers in [0, 1): a 32-bit mix of the index. */
export function uniform(n: number, seed: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    let x = Math.imul(i + seed * 1_000_003 + 1, 2654435761);
    x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
    x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
  });
}

/** The oracles' `tensor` before it is rounded to single precision: numbers in [low, high). */
export function hashedDoubles(length: number, seed: number, low = -1, high = 1): Float64Array {
  return uniform(length, seed).map((u) => low + (high - low) * u);
}

/** The oracles' `tensor`: numbers in [low, high], in single precision. */
export function hashed(length: number, seed: number, low = -1, high = 1): Float32Array {
  return Float32Array.from(hashedDoubles(length, seed, low, high));
}

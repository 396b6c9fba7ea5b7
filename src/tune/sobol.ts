import { OptionError } from '../core/errors.ts';
import { JOE_KUO } from './joe-kuo.generated.ts';

/*
 * Sobol's sequence (1967) in the order of Gray codes (Antonov and Saleev 1979) with Joe and Kuo's direction numbers (2008): the first
 * 2^m points, and each run of 2^m that begins at a multiple of it, lie more evenly than random ones in every dimension and pair.
 */

/** Bits of a coordinate. */
const BITS = 32;

/** Dimensions that there are direction numbers for. */
export const SOBOL_DIMENSIONS = JOE_KUO.length + 1;

/**
 * Coordinate of a point as a fraction of 2^32.
 * @param index of the point, from 0, below 2^32. @param dimension from 0.
 */
export function sobolBits(index: number, dimension: number): number {
  const directions = directionsOf(dimension);
  let bits = 0;
  for (let gray = (index ^ (index >>> 1)) >>> 0, j = 0; gray !== 0; gray >>>= 1, j++) {
    if (gray & 1) bits ^= directions[j];
  }
  return bits >>> 0;
}

/**
 * Owen's nested uniform scrambling (Owen 1995, "Randomly permuted (t,m,s)-nets and (t,s)-sequences") in base 2: whether a bit flips is
 * random, and depends on the bits above it, so that intervals trade places and the points stay as even as they were. The coin is a
 * hash of the seed and those bits, so that points can be had one by one.
 * @param bits of a coordinate, and the result too. @param seed 32 bits of the dimension's own.
 */
export function owenScramble(bits: number, seed: number): number {
  let out = 0;
  for (let b = BITS - 1; b >= 0; b--) {
    // A leading 1 tells prefixes of different lengths apart.
    const above = b === BITS - 1 ? 1 : ((bits >>> (b + 1)) | (1 << (BITS - 1 - b))) >>> 0;
    const flip = mixBits(above ^ mixBits(seed)) & 1;
    out |= (((bits >>> b) & 1) ^ flip) << b;
  }
  return out >>> 0;
}

/** The middle of the cell of 2^-32 that scrambled bits name, in (0, 1). */
export const unitOfBits = (bits: number): number => (bits + 0.5) / 2 ** BITS;

/** MurmurHash3's finalizer (Austin Appleby, public domain): every bit of the result depends on every bit of the word. */
function mixBits(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const cache = new Map<number, Uint32Array>();

/** V1, V2, ... of a dimension, the first in the highest bit (Joe and Kuo 2008, Eq. 2). */
function directionsOf(dimension: number): Uint32Array {
  const known = cache.get(dimension);
  if (known !== undefined) return known;
  if (dimension >= SOBOL_DIMENSIONS) {
    throw new OptionError('space', `${dimension + 1} keys`, `at most ${SOBOL_DIMENSIONS} for Sobol points`);
  }
  const directions = new Uint32Array(BITS);
  if (dimension === 0) {
    for (let j = 0; j < BITS; j++) directions[j] = 2 ** (BITS - 1 - j);
  } else {
    const [polynomial, ...m] = JOE_KUO[dimension - 1];
    const degree = m.length;
    for (let j = 0; j < BITS; j++) {
      if (j < degree) {
        directions[j] = m[j] << (BITS - 1 - j);
        continue;
      }
      let v = directions[j - degree] ^ (directions[j - degree] >>> degree);
      for (let k = 1; k < degree; k++) if ((polynomial >>> (degree - k)) & 1) v ^= directions[j - k];
      directions[j] = v;
    }
  }
  cache.set(dimension, directions);
  return directions;
}

/*
 * The normal distribution where others leave it: logarithms of probabilities far out in its tails, and the part of it between two bounds.
 */

const LOG_ROOT_2_PI = 0.5 * Math.log(2 * Math.PI);
/** From here on the tail is a continued fraction, before a series; both have some fifteen digits there. */
const TAIL = 2;
const SERIES_TERMS = 60;
const FRACTION_TERMS = 80;

/** log of the density, mean 0, variance 1. */
export const logNormalDensity = (x: number): number => -0.5 * x * x - LOG_ROOT_2_PI;

/** log Phi(x), the probability of a number below x. */
export function logNormalBelow(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  if (x >= 0) return Math.log1p(-0.5 * erfc(z));
  return z < TAIL ? Math.log(0.5 * erfc(z)) : -z * z + Math.log(0.5 * scaledTail(z));
}

/** log of the probability of a number between a and b, a < b. */
export function logNormalBetween(a: number, b: number): number {
  // Differences are taken in the lower tail, where they have all their digits.
  if (a > 0) return logNormalBetween(-b, -a);
  if (b <= 0) {
    const upper = logNormalBelow(b);
    return upper + Math.log1p(-Math.exp(logNormalBelow(a) - upper));
  }
  return Math.log1p(-Math.exp(logNormalBelow(a)) - Math.exp(logNormalBelow(-b)));
}

/**
 * The number between a and b, a < b, below which a share of a normal distribution lies that is truncated to them.
 * @param share in [0, 1].
 */
export function truncatedNormalQuantile(share: number, a: number, b: number): number {
  if (share <= 0) return a;
  if (share >= 1) return b;
  const between = logNormalBetween(a, b);
  const below = logSum(logNormalBelow(a), Math.log(share) + between);
  if (below <= -Math.LN2) return clamp(fromLogBelow(below, a), a, b);
  const above = logSum(logNormalBelow(-b), Math.log1p(-share) + between);
  return clamp(-fromLogBelow(above, -b), a, b);
}

/**
 * The x with log Phi(x) = y, y at most about log 1/2.
 * @param start below x. log Phi is concave, so that Newton's method climbs from there and never passes x.
 */
function fromLogBelow(y: number, start: number): number {
  let x = start;
  for (let i = 0; i < 100; i++) {
    const log = logNormalBelow(x);
    const step = (y - log) * Math.exp(log - logNormalDensity(x));
    x += step;
    if (!(step > 1e-14 * Math.abs(x))) break;
  }
  return x;
}

/** 1 - erf(z), z from 0 up (Abramowitz & Stegun 1964, 7.1.6). */
function erfc(z: number): number {
  if (z >= TAIL) return Math.exp(-z * z) * scaledTail(z);
  let term = z;
  let sum = z;
  for (let n = 1; n < SERIES_TERMS; n++) {
    term *= (2 * z * z) / (2 * n + 1);
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
}

/** e^(z^2) erfc(z) (Abramowitz & Stegun 1964, 7.1.14), from the inside out. */
function scaledTail(z: number): number {
  let fraction = z;
  for (let n = FRACTION_TERMS; n >= 1; n--) fraction = z + n / 2 / fraction;
  return 1 / (fraction * Math.sqrt(Math.PI));
}

/** log(e^a + e^b). */
function logSum(a: number, b: number): number {
  const high = Math.max(a, b);
  return high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

const clamp = (x: number, a: number, b: number): number => Math.min(Math.max(x, a), b);

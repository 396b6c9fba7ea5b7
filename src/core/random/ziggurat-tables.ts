/**
 * NumPy's tables of the normal and the exponential distribution, 256 layers of equal area each, computed instead of carried: pages
 * load them with everything that draws numbers.
 *
 * They follow from one number each (Marsaglia and Tsang 2000). NumPy's were computed once, in double precision, and equal
 * streams need their rounding noise too: it is added from `ziggurat-noise.generated.ts`, units in the last place of what is
 * computed here. So this arithmetic decides: plus, times, divided by and square root, the same on every engine, no `Math.exp`.
 */
import { EXPONENTIAL_NOISE, NORMAL_NOISE } from './ziggurat-noise.generated.ts';

/** Where the last layer ends. */
export const NORMAL_R = 3.6541528853610088;
export const EXPONENTIAL_R = 7.69711747013105;

/** Of each layer: `R exp(-R²/2)` and the integral of `exp(-x²/2)` beyond R. */
const NORMAL_AREA = 0.004928673233974652;

export interface ZigguratTables {
  /** A position below it lies in the layer. */
  readonly bounds: Float64Array;
  /** A position times it is a number. */
  readonly widths: Float64Array;
  /** The density where the layer ends. */
  readonly densities: Float64Array;
}

export function normalTables(): ZigguratTables {
  const density = (x: number): number => exp(-0.5 * x * x);
  const inverse = (y: number, near: number): number => Math.sqrt(-2 * log(y, -0.5 * near * near));
  return tables({ r: NORMAL_R, area: NORMAL_AREA, density, inverse, positions: 2 ** 52, noise: NORMAL_NOISE });
}

export function exponentialTables(): ZigguratTables {
  const density = (x: number): number => exp(-x);
  const inverse = (y: number, near: number): number => -log(y, -near);
  const area = (EXPONENTIAL_R + 1) * density(EXPONENTIAL_R);
  return tables({ r: EXPONENTIAL_R, area, density, inverse, positions: 2 ** 53, noise: EXPONENTIAL_NOISE });
}

interface Ziggurat {
  readonly r: number;
  /** Of each layer. */
  readonly area: number;
  readonly density: (x: number) => number;
  /** @param near a number from which the search begins. */
  readonly inverse: (y: number, near: number) => number;
  readonly positions: number;
  readonly noise: Readonly<Record<keyof ZigguratTables, string>>;
}

function tables({ r, area, density, inverse, positions, noise }: Ziggurat): ZigguratTables {
  const widths = new Float64Array(256);
  const x = new Float64Array(256);
  for (let i = 255; i >= 0; i--) {
    const end = i === 255 ? r : i === 0 ? area / density(r) : inverse(area / x[i + 1] + density(x[i + 1]), x[i + 1]);
    widths[i] = nudged(end / positions, noise.widths, i);
    x[i] = widths[i] * positions;
  }
  const densities = x.map((end, i) => nudged(i === 0 ? 1 : density(end), noise.densities, i));
  // Whole numbers, whose last place is 1.
  const bounds = x.map((end, i) => {
    const share = i === 0 ? r / end : i === 1 ? 0 : x[i - 1] / end;
    return Math.floor(share * positions) + digit(noise.bounds, i);
  });
  return { bounds, widths, densities };
}

/** From -3 to 6, written as 0 to 9. */
const digit = (noise: string, i: number): number => noise.charCodeAt(i) - 51;

const cell = new DataView(new ArrayBuffer(8));

/** A positive number moved by units in its last place. */
function nudged(value: number, noise: string, i: number): number {
  cell.setFloat64(0, value);
  cell.setBigInt64(0, cell.getBigInt64(0) + BigInt(digit(noise, i)));
  return cell.getFloat64(0);
}

/** e to the x: the series of what is left when whole halvings are taken out. */
function exp(x: number): number {
  const halvings = Math.floor(x / Math.LN2 + 0.5);
  // ln 2 in two parts, the first exact times any number of halvings (fdlibm).
  const rest = x - halvings * 6.9314718036912382e-1 - halvings * 1.9082149292705877e-10;
  let sum = 1;
  for (let n = 16; n > 0; n--) sum = 1 + (sum * rest) / n;
  return sum * 2 ** halvings;
}

/** The natural logarithm, by Newton's method. */
function log(y: number, near: number): number {
  let x = near;
  for (let i = 0; i < 6; i++) x -= 1 - y / exp(x);
  return x;
}

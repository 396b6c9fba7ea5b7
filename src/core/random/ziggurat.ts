/**
 * Normal and exponential numbers by the ziggurat method (Marsaglia and Tsang 2000, "The Ziggurat Method for Generating
 * Random Variables"): 256 layers of equal area cover the density; one 64-bit word picks the layer and a point in it,
 * and 99 % of the points need nothing more. Use of the bits, tables and tail are NumPy's.
 *
 * `log1p` and `exp` are the platform's. Against NumPy on Linux, V8's `log1p` gave another last bit once in 40 million
 * draws; C libraries differ among themselves in the same way.
 */
import type { Pcg64 } from './pcg64.ts';
import { EXPONENTIAL_R, exponentialTables, NORMAL_R, normalTables, type ZigguratTables } from './ziggurat-tables.ts';

const NORMAL_INVERSE_R = 0.27366123732975828;

// Computed at the first draw: most programs need none.
let normal: ZigguratTables | undefined;
let exponential: ZigguratTables | undefined;

/** A standard normal number. Word: 8 bits of layer, a sign, 52 bits of position, 3 unused. */
export function standardNormal(bits: Pcg64): number {
  normal ??= normalTables();
  const { bounds, widths, densities } = normal;
  for (;;) {
    bits.next64();
    const layer = bits.low & 0xff;
    const negative = (bits.low & 0x100) !== 0;
    const position = (bits.high & 0x1fffffff) * 0x800000 + (bits.low >>> 9);
    const x = negative ? -(position * widths[layer]) : position * widths[layer];
    if (position < bounds[layer]) return x;
    if (layer === 0) return normalTail(bits, (bits.low & 0x20000) !== 0);
    if ((densities[layer - 1] - densities[layer]) * bits.nextDouble() + densities[layer] < Math.exp(-0.5 * x * x))
      return x;
  }
}

/** Beyond the last layer (Marsaglia 1964, "Generating a variable from the tail of the normal distribution"). */
function normalTail(bits: Pcg64, negative: boolean): number {
  for (;;) {
    const x = -NORMAL_INVERSE_R * Math.log1p(-bits.nextDouble());
    const y = -Math.log1p(-bits.nextDouble());
    if (y + y > x * x) return negative ? -(NORMAL_R + x) : NORMAL_R + x;
  }
}

/** An exponential number with mean 1. Word: 3 bits unused, 8 of layer, 53 of position. */
export function standardExponential(bits: Pcg64): number {
  exponential ??= exponentialTables();
  const { bounds, widths, densities } = exponential;
  for (;;) {
    bits.next64();
    const layer = (bits.low >>> 3) & 0xff;
    const position = (bits.high >>> 0) * 0x200000 + (bits.low >>> 11);
    const x = position * widths[layer];
    if (position < bounds[layer]) return x;
    if (layer === 0) return EXPONENTIAL_R - Math.log1p(-bits.nextDouble());
    if ((densities[layer - 1] - densities[layer]) * bits.nextDouble() + densities[layer] < Math.exp(-x)) return x;
  }
}

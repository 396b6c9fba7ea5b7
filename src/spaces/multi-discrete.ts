import { OptionError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import type { Generator } from '../core/random/index.ts';
import { areNumbers, sizeOf } from '../core/shape.ts';
import { formatArray } from './array-text.ts';
import { sampleMasked } from './discrete.ts';
import { SeededSpace } from './seeded-space.ts';

export interface MultiDiscreteOptions {
  /** Smallest value of each element. Default 0. */
  start?: ArrayLike<number> | undefined;
  /** Default: [the length of nvec]; else its product must be that length, row-major. */
  shape?: readonly number[] | undefined;
  seed?: number | bigint | undefined;
}

const OPTIONS: OptionNames<MultiDiscreteOptions> = {
  start: true,
  shape: true,
  seed: true,
};

/**
 * Several `Discrete` spaces in one array (Gymnasium's `MultiDiscrete`). A member is an `Int32Array`, row-major: values
 * that need Gymnasium's default int64 are refused at construction.
 */
export class MultiDiscrete extends SeededSpace<Int32Array, readonly Int8Array[]> {
  readonly kind = 'multi-discrete';
  readonly shape: readonly number[];
  /** Number of values of each element. Read only. */
  readonly nvec: Float64Array;
  /** Smallest value of each element. Read only. */
  readonly start: Int32Array;

  /** @throws OptionError for counts below 1, values beyond 32 bits, or lengths that differ. */
  constructor(nvec: ArrayLike<number>, options: MultiDiscreteOptions = {}) {
    super();
    checkOptionNames(options, OPTIONS);
    if (!areNumbers(nvec)) throw new OptionError('MultiDiscrete nvec', nvec, 'positive integers');
    this.nvec = Float64Array.from(nvec);
    this.shape = [...(options.shape ?? [nvec.length])];
    this.start = new Int32Array(nvec.length);
    if (sizeOf(this.shape) !== nvec.length) {
      throw new OptionError('MultiDiscrete shape', this.shape, `a shape of ${nvec.length} elements`);
    }
    if (options.start !== undefined && options.start.length !== nvec.length) {
      throw new OptionError('MultiDiscrete start', options.start, `${nvec.length} integers`);
    }
    for (let i = 0; i < nvec.length; i++) {
      const count = nvec[i];
      const start = options.start?.[i] ?? 0;
      if (!(Number.isInteger(count) && count > 0)) {
        throw new OptionError('MultiDiscrete nvec', count, 'a positive integer');
      }
      if (!(Number.isInteger(start) && start >= -0x80000000 && start + count - 1 <= 0x7fffffff)) {
        throw new OptionError('MultiDiscrete start', start, 'an integer; all values must fit in 32 bits');
      }
      this.start[i] = start;
    }
    if (options.seed !== undefined) this.seed(options.seed);
  }

  /**
   * Draws each element independently, into fresh memory.
   * @param mask one mask for each element, row-major, as `Discrete.sample` takes it.
   * @param probability probabilities for each element, instead of a mask.
   */
  sample(mask?: readonly Int8Array[], probability?: readonly Float64Array[]): Int32Array {
    const { nvec, start, generator } = this;
    const out = new Int32Array(nvec.length);
    if (mask !== undefined && probability !== undefined) {
      throw new OptionError('MultiDiscrete.sample', 'a mask and a probability', 'only one of them');
    }
    const given = mask ?? probability;
    if (given !== undefined && given.length !== nvec.length) {
      throw new OptionError('MultiDiscrete.sample', given, `${nvec.length} arrays, one for each element`);
    }
    for (let i = 0; i < nvec.length; i++) {
      let value: number;
      if (mask !== undefined) value = sampleMasked(generator, mask[i], nvec[i]);
      else if (probability !== undefined) value = samplePositive(generator, probability[i], nvec[i]);
      else value = Math.floor(generator.random() * nvec[i]);
      out[i] = start[i] + value;
    }
    return out;
  }

  /** Whether the value is an Int32Array of this length with every element in its range. */
  contains(value: unknown): value is Int32Array {
    if (!ArrayBuffer.isView(value) || (value as Int32Array)[Symbol.toStringTag] !== 'Int32Array') return false;
    const array = value as Int32Array;
    const { nvec, start } = this;
    if (array.length !== nvec.length) return false;
    for (let i = 0; i < array.length; i++) {
      const index = array[i] - start[i];
      if (!(index >= 0 && index < nvec[i])) return false;
    }
    return true;
  }

  override toString(): string {
    const nvec = formatArray(this.nvec, this.shape, 'integer');
    if (this.start.every((value) => value === 0)) return `MultiDiscrete(${nvec})`;
    return `MultiDiscrete(${nvec}, start=${formatArray(this.start, this.shape, 'integer')})`;
  }
}

/** One of the indices with a probability above 0, after dividing by the sum (`Discrete` does not divide). */
function samplePositive(generator: Generator, probability: Float64Array, n: number): number {
  const allowed = `${n} numbers from 0 to 1 that sum to 1`;
  if (probability.length !== n || !probability.every((p) => p >= 0 && p <= 1)) {
    throw new OptionError('sample probability', probability, allowed);
  }
  const sum = pairwiseSum(probability, 0, n);
  if (!(Math.abs(sum - 1) <= 1e-5 + 1e-8)) throw new OptionError('sample probability', probability, allowed);
  const positive = Array.from(probability.keys()).filter((i) => probability[i] > 0);
  return generator.choice(positive, { p: positive.map((i) => probability[i] / sum) });
}

/** NumPy's order of summation, which decides the last bits. */
function pairwiseSum(values: Float64Array, from: number, count: number): number {
  if (count > 128) {
    const half = Math.floor(count / 2);
    const first = half - (half % 8);
    return pairwiseSum(values, from, first) + pairwiseSum(values, from + first, count - first);
  }
  const blocks = count - (count % 8);
  const r = values.slice(from, from + Math.min(8, blocks));
  for (let i = 8; i < blocks; i++) r[i % 8] += values[from + i];
  let sum = blocks === 0 ? 0 : r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
  for (let i = blocks; i < count; i++) sum += values[from + i];
  return sum;
}

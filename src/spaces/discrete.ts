import { OptionError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import type { Generator } from '../core/random/index.ts';
import { SeededSpace } from './seeded-space.ts';

export interface DiscreteOptions {
  /** The smallest member. Default 0. */
  start?: number | undefined;
  seed?: number | bigint | undefined;
}

const OPTIONS: OptionNames<DiscreteOptions> = {
  start: true,
  seed: true,
};

/** The integers start, start + 1, ..., start + n - 1 (Gymnasium's `Discrete` with its default type, int64). */
export class Discrete extends SeededSpace<number, Int8Array> {
  readonly kind = 'discrete';
  readonly shape: readonly number[] = [];
  readonly n: number;
  readonly start: number;

  /** @throws OptionError unless n is a positive integer and start an integer, and all members are exact. */
  constructor(n: number, options: DiscreteOptions = {}) {
    super();
    checkOptionNames(options, OPTIONS);
    const start = options.start ?? 0;
    if (!(Number.isSafeInteger(n) && n > 0)) throw new OptionError('Discrete n', n, 'a positive integer');
    if (!Number.isSafeInteger(start)) throw new OptionError('Discrete start', start, 'an integer');
    // Not `start + n - 1`, whose parts may already be rounded.
    if (start > Number.MAX_SAFE_INTEGER - (n - 1)) {
      throw new OptionError('Discrete start', start, `at most ${Number.MAX_SAFE_INTEGER - n + 1} with n ${n}`);
    }
    this.n = n;
    this.start = start;
    if (options.seed !== undefined) this.seed(options.seed);
  }

  /**
   * Draws a member, each with the same probability.
   * @param mask n entries, 1 for members that may be drawn and 0 for others; if none may be, the result is `start`.
   * @param probability n entries that sum to 1, instead of a mask.
   * @throws OptionError when an argument has another length or other values.
   */
  sample(mask?: Int8Array, probability?: Float64Array): number {
    if (mask === undefined && probability === undefined) return this.start + this.generator.integers(this.n);
    if (mask !== undefined && probability !== undefined) {
      throw new OptionError('Discrete.sample', 'a mask and a probability', 'only one of them');
    }
    if (probability !== undefined) return this.start + sampleWithProbability(this.generator, probability, this.n);
    return this.start + sampleMasked(this.generator, mask as Int8Array, this.n);
  }

  contains(value: unknown): value is number {
    return Number.isInteger(value) && (value as number) >= this.start && (value as number) < this.start + this.n;
  }

  override toString(): string {
    return this.start === 0 ? `Discrete(${this.n})` : `Discrete(${this.n}, start=${this.start})`;
  }
}

/** One of the indices where `mask` is 1; 0, without a draw, where there is none. */
export function sampleMasked(generator: Generator, mask: Int8Array, n: number): number {
  if (mask.length !== n) throw new OptionError('sample mask', mask, `an Int8Array of length ${n}`);
  let allowed = 0;
  for (let i = 0; i < n; i++) {
    if (mask[i] !== 0 && mask[i] !== 1) throw new OptionError('sample mask', mask, 'entries 0 and 1');
    allowed += mask[i];
  }
  if (allowed === 0) return 0;
  let skip = generator.integers(allowed);
  let index = 0;
  for (; ; index++) {
    if (mask[index] === 0) continue;
    if (skip === 0) return index;
    skip--;
  }
}

export function sampleWithProbability(generator: Generator, probability: ArrayLike<number>, n: number): number {
  if (probability.length !== n)
    throw new OptionError('sample probability', probability, `a Float64Array of length ${n}`);
  return generator.choice(n, { p: probability });
}

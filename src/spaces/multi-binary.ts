import { OptionError } from '../core/errors.ts';
import { areNumbers, checkSize, sizeOf } from '../core/shape.ts';
import { formatShape } from './array-text.ts';
import { SeededSpace } from './seeded-space.ts';

/** Arrays of zeros and ones (Gymnasium's `MultiBinary`). A member is an `Int8Array`, row-major. */
export class MultiBinary extends SeededSpace<Int8Array, Int8Array> {
  readonly kind = 'multi-binary';
  readonly shape: readonly number[];
  /** As given: a length or a shape. */
  readonly n: number | readonly number[];
  /** Number of elements of a member. */
  readonly size: number;

  /** @throws OptionError unless n is a positive integer or an array of them, and for more than 2^30 elements. */
  constructor(n: number | readonly number[], seed?: number | bigint) {
    super();
    if (typeof n !== 'number' && !areNumbers(n)) throw new OptionError('MultiBinary n', n, 'positive integers');
    this.shape = typeof n === 'number' ? [n] : [...n];
    this.n = typeof n === 'number' ? n : this.shape;
    if (!this.shape.every((length) => Number.isSafeInteger(length) && length > 0)) {
      throw new OptionError('MultiBinary n', n, 'positive integers');
    }
    checkSize('MultiBinary n', this.shape);
    this.size = sizeOf(this.shape);
    if (seed !== undefined) this.seed(seed);
  }

  /**
   * Draws each element as a fair coin, into fresh memory.
   * @param mask of a member's size: 0 and 1 fix an element, 2 lets it be drawn.
   * @param probability of a member's size: probability of a one for each element, instead of a mask.
   */
  sample(mask?: Int8Array, probability?: Float64Array): Int8Array {
    if (mask !== undefined && probability !== undefined) {
      throw new OptionError('MultiBinary.sample', 'a mask and a probability', 'only one of them');
    }
    const given = mask ?? probability;
    if (given !== undefined && given.length !== this.size) {
      throw new OptionError('MultiBinary.sample', given, `an array of length ${this.size}`);
    }
    if (probability !== undefined) {
      if (!probability.every((p) => p >= 0 && p <= 1)) {
        throw new OptionError('sample probability', probability, 'numbers from 0 to 1');
      }
      return Int8Array.from(probability, (p) => (this.generator.random() <= p ? 1 : 0));
    }
    if (mask !== undefined && !mask.every((entry) => entry === 0 || entry === 1 || entry === 2)) {
      throw new OptionError('sample mask', mask, 'entries 0, 1 and 2');
    }
    const out = this.generator.integersArray(0, 2, this.size, 'int8');
    if (mask !== undefined) for (let i = 0; i < out.length; i++) if (mask[i] !== 2) out[i] = mask[i];
    return out;
  }

  /** Whether the value is an Int8Array of this size that holds zeros and ones only. */
  contains(value: unknown): value is Int8Array {
    if (!ArrayBuffer.isView(value) || (value as Int8Array)[Symbol.toStringTag] !== 'Int8Array') return false;
    const array = value as Int8Array;
    return array.length === this.size && array.every((element) => element === 0 || element === 1);
  }

  override toString(): string {
    return `MultiBinary(${typeof this.n === 'number' ? this.n : formatShape(this.n)})`;
  }
}

import { OptionError } from '../core/errors.ts';
import { areNumbers, checkSize, sizeOf } from '../core/shape.ts';
import { formatBound, formatShape } from './array-text.ts';
import { SeededSpace } from './seeded-space.ts';

/** Typed array of each element type. */
export interface BoxArrays {
  uint8: Uint8Array;
  int8: Int8Array;
  uint16: Uint16Array;
  int16: Int16Array;
  uint32: Uint32Array;
  int32: Int32Array;
  float32: Float32Array;
  float64: Float64Array;
}

export type BoxType = keyof BoxArrays;

/**
 * Arrays of one shape whose elements lie between bounds, which may be infinite (Gymnasium's `Box`).
 *
 * A member is a typed array of exactly the box's element type, row-major; its length is the product of `shape`.
 * Elements are drawn uniformly between two finite bounds, from a shifted exponential distribution with one, and from
 * the standard normal with none.
 */
export class Box<D extends BoxType = 'float32'> extends SeededSpace<BoxArrays[D], never> {
  readonly kind = 'box';
  readonly shape: readonly number[];
  readonly dtype: D;
  /** Number of elements of a member. */
  readonly size: number;
  /** Bounds of each element, rounded to the element type. Read only. */
  readonly low: BoxArrays[D];
  readonly high: BoxArrays[D];
  /** 1 where an element has a finite lower (upper) bound. */
  readonly boundedBelow: Uint8Array;
  readonly boundedAbove: Uint8Array;
  private readonly fullyBounded: boolean;

  /**
   * @param low one bound for all elements, or one for each, row-major. An integer type with sign reads -Infinity as
   *   its smallest number; one without sign refuses it.
   * @param high likewise.
   * @param shape undefined: the length of a bound that is an array, else [1].
   * @throws OptionError for bounds that are NaN, out of the type's range, the wrong number, or low above high, and for more
   *   than 2^30 elements.
   */
  constructor(
    low: number | ArrayLike<number>,
    high: number | ArrayLike<number>,
    shape?: readonly number[],
    dtype: D = 'float32' as D,
    seed?: number | bigint,
  ) {
    super();
    const type = Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
    if (type === undefined) throw new OptionError('Box dtype', dtype, Object.keys(TYPES).join(', '));
    for (const [name, bound] of Object.entries({ low, high })) {
      if (typeof bound !== 'number' && !areNumbers(bound)) throw new OptionError(`Box ${name}`, bound, 'numbers');
    }
    if (shape !== undefined && !areNumbers(shape)) throw new OptionError('Box shape', shape, 'integers from 0 up');
    if (shape !== undefined && !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
      throw new OptionError('Box shape', shape, 'integers from 0 up');
    }
    this.dtype = dtype;
    this.shape = shape === undefined ? [lengthOf(low) ?? lengthOf(high) ?? 1] : [...shape];
    checkSize('Box shape', this.shape);
    this.size = sizeOf(this.shape);
    this.boundedBelow = new Uint8Array(this.size);
    this.boundedAbove = new Uint8Array(this.size);
    this.low = castBound('low', low, dtype, this.size, this.boundedBelow);
    this.high = castBound('high', high, dtype, this.size, this.boundedAbove);
    for (let i = 0; i < this.size; i++) {
      if (this.low[i] > this.high[i]) {
        throw new OptionError('Box low', this.low[i], `at most high, which is ${this.high[i]} at index ${i}`);
      }
    }
    this.fullyBounded = this.isBounded();
    if (seed !== undefined) this.seed(seed);
  }

  /** Whether every element has a finite bound below, above or (default) on both sides. */
  isBounded(side: 'both' | 'below' | 'above' = 'both'): boolean {
    const below = side === 'above' || !this.boundedBelow.includes(0);
    return below && (side === 'below' || !this.boundedAbove.includes(0));
  }

  /** Draws a member in fresh memory.
   * @throws OptionError when given a mask, which a box has none of. */
  sample(mask?: never): BoxArrays[D] {
    if (mask !== undefined) throw new OptionError('Box.sample mask', mask, 'none');
    const type = TYPES[this.dtype];
    const out = type.make(this.size) as BoxArrays[D];
    if (this.fullyBounded) {
      for (let i = 0; i < this.size; i++) this.drawBounded(out, i);
      return out;
    }
    // Gymnasium draws the four kinds of elements one after the other.
    const { boundedBelow: below, boundedAbove: above, generator } = this;
    const step = type.integer ? 1 : 0;
    for (let i = 0; i < this.size; i++) {
      if (!below[i] && !above[i]) out[i] = type.finish(generator.normal());
    }
    for (let i = 0; i < this.size; i++) {
      if (below[i] && !above[i]) out[i] = type.finish(generator.standardExponential() + this.low[i]);
    }
    for (let i = 0; i < this.size; i++) {
      if (!below[i] && above[i]) out[i] = type.finish(-generator.standardExponential() + (this.high[i] + step));
    }
    for (let i = 0; i < this.size; i++) if (below[i] && above[i]) this.drawBounded(out, i);
    return out;
  }

  private drawBounded(out: BoxArrays[D], i: number): void {
    const type = TYPES[this.dtype];
    // An integer box draws from [low, high + 1) and rounds down.
    out[i] = type.finish(this.generator.uniform(this.low[i], this.high[i] + (type.integer ? 1 : 0)));
  }

  /** Whether the value is a typed array of this element type and size, with every element within its bounds. */
  contains(value: unknown): value is BoxArrays[D] {
    if (!ArrayBuffer.isView(value) || (value as Uint8Array)[Symbol.toStringTag] !== TYPES[this.dtype].tag) return false;
    const array = value as BoxArrays[D];
    if (array.length !== this.size) return false;
    const { low, high } = this;
    // Written so that NaN fails.
    for (let i = 0; i < array.length; i++) if (!(array[i] >= low[i] && array[i] <= high[i])) return false;
    return true;
  }

  override toString(): string {
    const single = this.dtype === 'float32';
    const kind = TYPES[this.dtype].integer ? 'integer' : single ? 'float32' : 'float64';
    const low = formatBound(this.low, this.shape, kind);
    return `Box(${low}, ${formatBound(this.high, this.shape, kind)}, ${formatShape(this.shape)}, ${this.dtype})`;
  }
}

interface ElementType {
  readonly tag: string;
  readonly integer: boolean;
  readonly min: number;
  readonly max: number;
  readonly make: (size: number) => BoxArrays[BoxType];
  /** From the drawn double to a value that the typed array stores unharmed. */
  readonly finish: (value: number) => number;
}

function integerType(tag: string, min: number, max: number, make: ElementType['make']): ElementType {
  return { tag, integer: true, min, max, make, finish: (value) => Math.min(Math.max(Math.floor(value), min), max) };
}

const FLOAT32_MAX = 3.4028234663852886e38;

const TYPES: Readonly<Record<BoxType, ElementType>> = {
  uint8: integerType('Uint8Array', 0, 0xff, (size) => new Uint8Array(size)),
  int8: integerType('Int8Array', -0x80, 0x7f, (size) => new Int8Array(size)),
  uint16: integerType('Uint16Array', 0, 0xffff, (size) => new Uint16Array(size)),
  int16: integerType('Int16Array', -0x8000, 0x7fff, (size) => new Int16Array(size)),
  uint32: integerType('Uint32Array', 0, 0xffffffff, (size) => new Uint32Array(size)),
  int32: integerType('Int32Array', -0x80000000, 0x7fffffff, (size) => new Int32Array(size)),
  float32: {
    tag: 'Float32Array',
    integer: false,
    min: -FLOAT32_MAX,
    max: FLOAT32_MAX,
    make: (size) => new Float32Array(size),
    finish: (value) => value,
  },
  float64: {
    tag: 'Float64Array',
    integer: false,
    min: -Number.MAX_VALUE,
    max: Number.MAX_VALUE,
    make: (size) => new Float64Array(size),
    finish: (value) => value,
  },
};

function lengthOf(bound: number | ArrayLike<number>): number | undefined {
  return typeof bound === 'number' ? undefined : bound.length;
}

function castBound<D extends BoxType>(
  name: 'low' | 'high',
  bound: number | ArrayLike<number>,
  dtype: D,
  size: number,
  bounded: Uint8Array,
): BoxArrays[D] {
  const type = TYPES[dtype];
  const unbounded = name === 'low' ? -Infinity : Infinity;
  if (typeof bound !== 'number' && bound.length !== size) {
    throw new OptionError(`Box ${name}`, bound, `one number or ${size} numbers`);
  }
  const stored = (value: number): number => {
    if (value === unbounded && type.min < 0 && type.integer) return name === 'low' ? type.min : type.max;
    const inRange = value >= type.min && value <= type.max;
    if (!inRange && (type.integer || Math.abs(value) !== Infinity)) {
      throw new OptionError(`Box ${name}`, value, `a number within ${dtype}, [${type.min}, ${type.max}]`);
    }
    return value;
  };
  const out = type.make(size) as BoxArrays[D];
  if (typeof bound === 'number') {
    bounded.fill(bound === unbounded ? 0 : 1);
    return out.fill(stored(bound)) as BoxArrays[D];
  }
  for (let i = 0; i < size; i++) {
    bounded[i] = bound[i] === unbounded ? 0 : 1;
    out[i] = stored(bound[i]);
  }
  return out;
}

import { OptionError } from '../errors.ts';
import { SavedState } from '../saved-state.ts';
import type { Restorable, Snapshot } from '../snapshot.ts';
import { Pcg64 } from './pcg64.ts';
import { SeedSequence } from './seed-sequence.ts';
import { standardExponential, standardNormal } from './ziggurat.ts';

/** Integer types that `integersArray` can draw; each has its own use of the bit stream, as in NumPy. */
export type IntegerType = 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'bool';

/** What `integersArray` returns. 64-bit integers come as doubles, so their range is that of safe integers. */
export interface IntegerArrays {
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: Float64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  bool: Uint8Array;
}

export interface ChoiceOptions {
  /** Whether one element may be drawn more than once. Default true. */
  replace?: boolean | undefined;
  /** Probability of each element; must sum to 1 within 1.5e-8. Default: all alike. */
  p?: ArrayLike<number> | undefined;
  /** Without replacement: whether the order is random too, not only the selection. Default true. */
  shuffle?: boolean | undefined;
}

/**
 * NumPy's `Generator` over PCG64, bit for bit: `new Generator(seed)` is `np.random.default_rng(seed)` and Gymnasium's
 * `np_random(seed)`. Checked against NumPy 2.4 on x86-64; method names are NumPy's.
 */
export class Generator implements Restorable {
  private readonly bits: Pcg64;
  private seedSequence: SeedSequence;

  /** @throws OptionError when the seed is not a non-negative integer. */
  constructor(seed: number | bigint | SeedSequence) {
    this.seedSequence = seed instanceof SeedSequence ? seed : new SeedSequence(seed);
    this.bits = new Pcg64(this.seedSequence);
  }

  /** A generator with a seed of 128 bits from the platform's entropy. */
  static fromEntropy(): Generator {
    return new Generator(freshEntropy());
  }

  /** The seed that this generator was made from; together with the calls since, it determines everything drawn. */
  get entropy(): number | bigint {
    return this.seedSequence.entropy;
  }

  /** A double in [0, 1). */
  random(): number {
    return this.bits.nextDouble();
  }

  /** Fills `out` with what as many calls of `random` would give (`randomFloat32` for a `Float32Array`). */
  randomArray<T extends Float64Array | Float32Array>(out: T): T {
    const single = out instanceof Float32Array;
    for (let i = 0; i < out.length; i++) out[i] = single ? this.randomFloat32() : this.bits.nextDouble();
    return out;
  }

  /** A single-precision number in [0, 1) with 24 random bits (NumPy's `random(dtype=np.float32)`). */
  randomFloat32(): number {
    return (this.bits.next32() >>> 8) * (1 / 16777216);
  }

  /** Integer in [0, low), or in [low, high) when `high` is given. Bounds are safe integers.
   * @throws OptionError when the range is empty. */
  integers(low: number, high?: number): number {
    if (high === undefined) {
      // The common case first: a small count from 0.
      if (low > 0 && low <= 0xffffffff && Number.isInteger(low)) return this.bits.bounded(low - 1);
      return this.integersBetween(0, low);
    }
    return this.integersBetween(low, high);
  }

  private integersBetween(low: number, high: number): number {
    checkRange(low, high);
    return low + this.bits.bounded(high - 1 - low);
  }

  /** `size` integers in [low, high), as `np_random.integers(low, high, size, dtype)` draws them. */
  integersArray<T extends IntegerType = 'int64'>(
    low: number,
    high: number,
    size: number,
    type: T = 'int64' as T,
  ): IntegerArrays[T] {
    checkRange(low, high);
    const [smallest, largest, make] = INTEGER_TYPES[type];
    if (low < smallest || high - 1 > largest) {
      throw new OptionError('integers', `[${low}, ${high})`, `a range within ${type}`);
    }
    const out = make(size);
    const range = high - 1 - low;
    const bits = this.bits;
    if (range === 0) out.fill(low);
    else if (type === 'int8' || type === 'uint8') bits.fillBounded8(out, low, range);
    else if (type === 'int16' || type === 'uint16') bits.fillBounded16(out, low, range);
    else if (type === 'bool') bits.fillBits(out);
    else for (let i = 0; i < size; i++) out[i] = low + bits.bounded(range);
    return out as IntegerArrays[T];
  }

  /** A number in [low, high); an infinite range is refused. */
  uniform(low = 0, high = 1): number {
    const range = high - low;
    if (!(range >= 0 && range < Infinity)) throw new OptionError('uniform', `[${low}, ${high})`, 'a finite range');
    return low + range * this.bits.nextDouble();
  }

  /** A normal number with mean 0 and variance 1. */
  standardNormal(): number {
    return standardNormal(this.bits);
  }

  /** A normal number with mean `loc` and standard deviation `scale`. */
  normal(loc = 0, scale = 1): number {
    if (!(scale >= 0)) throw new OptionError('normal scale', scale, 'a number from 0 up');
    return loc + scale * standardNormal(this.bits);
  }

  /** Fills `out` with what as many calls of `normal` would give. (NumPy's `dtype=np.float32` is another stream.) */
  normalArray<T extends Float64Array | Float32Array>(out: T, loc = 0, scale = 1): T {
    for (let i = 0; i < out.length; i++) out[i] = loc + scale * standardNormal(this.bits);
    return out;
  }

  /** An exponential number with mean 1. */
  standardExponential(): number {
    return standardExponential(this.bits);
  }

  /** An exponential number with mean `scale`. */
  exponential(scale = 1): number {
    if (!(scale >= 0)) throw new OptionError('exponential scale', scale, 'a number from 0 up');
    return scale * standardExponential(this.bits);
  }

  /** One element of `a`, or of 0 ... a - 1 when `a` is a number. */
  choice(a: number, options?: ChoiceOptions): number;
  choice<T>(a: ArrayLike<T>, options?: ChoiceOptions): T;
  choice<T>(a: number | ArrayLike<T>, options?: ChoiceOptions): T | number {
    const population = populationSize(a);
    const p = options?.p;
    let index: number;
    if (p === undefined && options?.replace !== false) index = this.bits.bounded(population - 1);
    else index = this.choiceIndices(population, 1, options ?? {})[0];
    return typeof a === 'number' ? index : a[index];
  }

  /** `size` elements of `a`, or of 0 ... a - 1 when `a` is a number. */
  choices(a: number, size: number, options?: ChoiceOptions): number[];
  choices<T>(a: ArrayLike<T>, size: number, options?: ChoiceOptions): T[];
  choices<T>(a: number | ArrayLike<T>, size: number, options: ChoiceOptions = {}): (T | number)[] {
    const indices = this.choiceIndices(populationSize(a), size, options);
    return typeof a === 'number' ? indices : indices.map((index) => a[index]);
  }

  private choiceIndices(population: number, size: number, options: ChoiceOptions): number[] {
    const { p, replace = true, shuffle = true } = options;
    if (p !== undefined) checkProbabilities(p, population);
    if (replace) {
      if (p === undefined) return Array.from({ length: size }, () => this.bits.bounded(population - 1));
      const cumulative = normalizedCumulative(p);
      return Array.from({ length: size }, () => searchSortedRight(cumulative, this.bits.nextDouble()));
    }
    if (size > population) {
      throw new OptionError('choice size', size, `at most ${population} without replacement`);
    }
    if (p !== undefined) return this.chooseDistinctWeighted(p, size);
    // NumPy's switch between a partial shuffle and a set; the numbers are its tuning.
    const cutoff = shuffle ? 50 : 20;
    if (population > 10000 && size > Math.floor(population / cutoff)) {
      const indices = Array.from({ length: population }, (_, i) => i);
      this.shuffleTail(indices, Math.max(population - size, 1));
      return indices.slice(population - size);
    }
    return this.chooseDistinct(population, size, shuffle);
  }

  /** Floyd's sampling without replacement (Bentley and Floyd 1987, "A sample of brilliance"). */
  private chooseDistinct(population: number, size: number, shuffle: boolean): number[] {
    const seen = new Set<number>();
    const chosen: number[] = [];
    for (let last = population - size; last < population; last++) {
      const drawn = this.bits.bounded(last);
      const value = seen.has(drawn) ? last : drawn;
      seen.add(value);
      chosen.push(value);
    }
    if (shuffle) this.shuffleTail(chosen, 1);
    return chosen;
  }

  /** Draws with replacement, keeps first occurrences, gives them weight zero and draws the rest again. */
  private chooseDistinctWeighted(p: ArrayLike<number>, size: number): number[] {
    const weights = Float64Array.from(p);
    if (weights.filter((w) => w > 0).length < size) {
      throw new OptionError('choice p', p, `at least ${size} elements above 0 to draw ${size} without replacement`);
    }
    const chosen: number[] = [];
    while (chosen.length < size) {
      const draws = this.randomArray(new Float64Array(size - chosen.length));
      for (const index of chosen) weights[index] = 0;
      const cumulative = normalizedCumulative(weights);
      const fresh = new Set<number>();
      for (const draw of draws) fresh.add(searchSortedRight(cumulative, draw));
      for (const index of fresh) chosen.push(index);
    }
    return chosen;
  }

  /** Exchanges from the end down to index `first`, drawing as `choice` does (Lemire), unlike `shuffle` (masks). */
  private shuffleTail(indices: number[], first: number): void {
    for (let i = indices.length - 1; i >= first; i--) {
      const j = this.bits.bounded(i);
      const held = indices[j];
      indices[j] = indices[i];
      indices[i] = held;
    }
  }

  /** Shuffles in place. */
  shuffle<T>(array: { [index: number]: T; readonly length: number }): void {
    for (let i = array.length - 1; i >= 1; i--) {
      const j = this.bits.masked(i);
      const held = array[j];
      array[j] = array[i];
      array[i] = held;
    }
  }

  /** A shuffled copy of `a`, or of 0 ... a - 1 when `a` is a number. */
  permutation(a: number): number[];
  permutation<T>(a: ArrayLike<T>): T[];
  permutation<T>(a: number | ArrayLike<T>): (T | number)[] {
    const out: (T | number)[] = typeof a === 'number' ? Array.from({ length: a }, (_, i) => i) : Array.from(a);
    this.shuffle(out);
    return out;
  }

  /** Independent generators; the state of this one does not move, but a later `spawn` gives further ones. */
  spawn(count: number): Generator[] {
    return this.seedSequence.spawn(count).map((child) => new Generator(child));
  }

  /** Makes this generator draw what `other` is going to draw; `other` does not move. */
  copyFrom(other: Generator): void {
    this.bits.copyFrom(other.bits);
    this.seedSequence = other.seedSequence;
  }

  saveState(): Snapshot {
    const { entropy, spawnKey, childrenSpawned } = this.seedSequence;
    return { bits: this.bits.save(), entropy, spawnKey, childrenSpawned };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'generator');
    const bits = saved.array('bits', NO_BITS, 10);
    // With an even increment the state may stand still, and a draw by rejection would never end.
    saved.require((bits[4] & 1) === 1 && bits[8] <= 1, 'bits', 'an odd increment, and a flag');
    const spawnKey = saved.list('spawnKey');
    saved.require(
      spawnKey.length <= 64 && spawnKey.every(isWhole),
      'spawnKey',
      'a list of at most 64 integers from 0 up',
    );
    const entropy = saved.part('entropy');
    const isEntropy = isWhole(entropy) || (typeof entropy === 'bigint' && entropy >= 0n && entropy < LARGEST_ENTROPY);
    saved.require(isEntropy, 'entropy', 'an integer from 0 up');
    const childrenSpawned = saved.whole('childrenSpawned');
    this.bits.restore(bits);
    this.seedSequence = new SeedSequence(entropy as number | bigint, spawnKey as number[]);
    this.seedSequence.childrenSpawned = childrenSpawned;
  }
}

const NO_BITS = new Uint32Array(0);
/** Far above any seed that people give. */
const LARGEST_ENTROPY = 1n << 4096n;
const isWhole = (value: Snapshot): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

type IntegerArray = IntegerArrays[IntegerType];

const INTEGER_TYPES: Record<IntegerType, readonly [number, number, (size: number) => IntegerArray]> = {
  int8: [-0x80, 0x7f, (size) => new Int8Array(size)],
  int16: [-0x8000, 0x7fff, (size) => new Int16Array(size)],
  int32: [-0x80000000, 0x7fffffff, (size) => new Int32Array(size)],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, (size) => new Float64Array(size)],
  uint8: [0, 0xff, (size) => new Uint8Array(size)],
  uint16: [0, 0xffff, (size) => new Uint16Array(size)],
  uint32: [0, 0xffffffff, (size) => new Uint32Array(size)],
  bool: [0, 1, (size) => new Uint8Array(size)],
};

function freshEntropy(): bigint {
  let entropy = 0n;
  for (const word of globalThis.crypto.getRandomValues(new Uint32Array(4))) entropy = (entropy << 32n) | BigInt(word);
  return entropy;
}

function checkRange(low: number, high: number): void {
  if (!(Number.isSafeInteger(low) && Number.isSafeInteger(high) && low < high && Number.isSafeInteger(high - low))) {
    throw new OptionError('integers', `[${low}, ${high})`, 'a range of safe integers that is not empty');
  }
}

function populationSize(a: number | ArrayLike<unknown>): number {
  const size = typeof a === 'number' ? a : a.length;
  if (!(Number.isSafeInteger(size) && size > 0)) {
    throw new OptionError('choice', a, 'a positive integer or an array that is not empty');
  }
  return size;
}

function checkProbabilities(p: ArrayLike<number>, population: number): void {
  if (p.length !== population) throw new OptionError('choice p', p, `${population} probabilities`);
  // Kahan's summation, as NumPy sums here: a borderline sum passes or fails alike.
  let sum = p[0];
  let lost = 0;
  for (let i = 0; i < p.length; i++) {
    if (!(p[i] >= 0)) throw new OptionError('choice p', p, 'probabilities from 0 up');
    if (i === 0) continue;
    const term = p[i] - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  if (!(Math.abs(sum - 1) <= Math.sqrt(Number.EPSILON))) throw new OptionError('choice p', p, 'a sum of 1');
}

function normalizedCumulative(p: ArrayLike<number>): Float64Array {
  const cumulative = new Float64Array(p.length);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    sum += p[i];
    cumulative[i] = sum;
  }
  for (let i = 0; i < p.length; i++) cumulative[i] /= sum;
  return cumulative;
}

/** Number of entries that are at most `value`. */
function searchSortedRight(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle] <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}

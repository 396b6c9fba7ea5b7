import { OptionError } from '../errors.ts';

/**
 * NumPy's `SeedSequence`: turns any non-negative integer into well mixed words for seeding a generator, so that seeds
 * 0, 1, 2 ... give unrelated streams. The mixing is Melissa O'Neill's `seed_seq_fe`
 * (https://www.pcg-random.org/posts/developing-a-seed_seq-alternative.html) with a pool of 128 bits, in the variant
 * of NumPy 1.19 and later.
 */
export class SeedSequence {
  readonly entropy: number | bigint;
  /** Path from the root of the tree of `spawn`ed sequences; empty at the root. */
  readonly spawnKey: readonly number[];
  childrenSpawned = 0;
  private readonly pool: Uint32Array;

  /**
   * @param entropy a non-negative integer; as `number` a safe one.
   * @throws OptionError for anything else.
   */
  constructor(entropy: number | bigint, spawnKey: readonly number[] = []) {
    this.entropy = entropy;
    this.spawnKey = [...spawnKey];
    this.pool = mixPool(assembleEntropy(entropy, this.spawnKey));
  }

  /** The first `count` 32-bit words of the sequence; two in little-endian order make NumPy's 64-bit word. */
  generateState(count: number): Uint32Array {
    const out = new Uint32Array(count);
    let hash = INIT_B;
    for (let i = 0; i < count; i++) {
      let word = this.pool[i % POOL_SIZE] ^ hash;
      hash = Math.imul(hash, MULT_B);
      word = Math.imul(word, hash);
      out[i] = word ^ (word >>> 16);
    }
    return out;
  }

  /** Makes children whose streams are independent of each other and of this one. Later calls give further children. */
  spawn(count: number): SeedSequence[] {
    const children = [];
    for (let i = 0; i < count; i++) {
      children.push(new SeedSequence(this.entropy, [...this.spawnKey, this.childrenSpawned + i]));
    }
    this.childrenSpawned += count;
    return children;
  }
}

const POOL_SIZE = 4;
const INIT_A = 0x43b0d7e5;
const MULT_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULT_B = 0x58f38ded;
const MIX_MULT_L = 0xca01f9dd;
const MIX_MULT_R = 0x4973f715;

function assembleEntropy(entropy: number | bigint, spawnKey: readonly number[]): number[] {
  const words = toWords(entropy);
  if (spawnKey.length > 0) while (words.length < POOL_SIZE) words.push(0);
  for (const key of spawnKey) for (const word of toWords(key)) words.push(word);
  return words;
}

/** Little-endian 32-bit words of a non-negative integer; at least one word. */
function toWords(value: number | bigint): number[] {
  const valid = typeof value === 'bigint' ? value >= 0n : Number.isSafeInteger(value) && value >= 0;
  if (!valid) throw new OptionError('seed', value, 'an integer from 0 up (beyond 2^53 - 1 as a bigint)');
  if (typeof value === 'number') return value <= 0xffffffff ? [value] : [value >>> 0, Math.floor(value / 0x100000000)];
  const words = [];
  let rest = value;
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return words;
}

function mixPool(entropy: readonly number[]): Uint32Array {
  const pool = new Uint32Array(POOL_SIZE);
  let hash = INIT_A;
  const hashMix = (value: number): number => {
    let word = value ^ hash;
    hash = Math.imul(hash, MULT_A);
    word = Math.imul(word, hash);
    return word ^ (word >>> 16);
  };
  const mix = (x: number, y: number): number => {
    const word = (Math.imul(MIX_MULT_L, x) - Math.imul(MIX_MULT_R, y)) | 0;
    return word ^ (word >>> 16);
  };
  for (let i = 0; i < POOL_SIZE; i++) pool[i] = hashMix(entropy[i] ?? 0);
  for (let source = 0; source < POOL_SIZE; source++) {
    for (let target = 0; target < POOL_SIZE; target++) {
      if (source !== target) pool[target] = mix(pool[target], hashMix(pool[source]));
    }
  }
  for (let source = POOL_SIZE; source < entropy.length; source++) {
    for (let target = 0; target < POOL_SIZE; target++) pool[target] = mix(pool[target], hashMix(entropy[source]));
  }
  return pool;
}

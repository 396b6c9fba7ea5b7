import type { SeedSequence } from './seed-sequence.ts';

/**
 * PCG64, NumPy's default bit generator: a 128-bit linear congruential generator whose state is folded to 64 bits by
 * XSL-RR (O'Neill 2014, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms", section 6.3.3).
 *
 * JavaScript has no 64-bit integers that are fast, so the state is four 32-bit limbs, the least significant first, and
 * a 32 x 32 -> 64 bit product is put together from 16-bit halves.
 */
export class Pcg64 {
  /** Limbs 0-3 the state, 4-7 the increment (odd). */
  private readonly words = new Int32Array(8);
  /** Upper 32 bits of the last 64-bit output that `next32` has not yet given out. */
  private spare = 0;
  private hasSpare = false;
  /** Upper and lower half of the last `next64`, as signed 32-bit integers. */
  high = 0;
  low = 0;

  constructor(seed: SeedSequence) {
    const words = this.words;
    // Four 64-bit words in NumPy's order: upper and lower half of the initial state, then of the stream number.
    const state = seed.generateState(8);
    const stream = [state[6], state[7], state[4], state[5]];
    for (let i = 0; i < 4; i++) words[4 + i] = (stream[i] << 1) | (i === 0 ? 1 : stream[i - 1] >>> 31);
    // Steps from 0: the state becomes the increment; then the initial state is added and a step taken.
    this.step();
    const initial = [state[2], state[3], state[0], state[1]];
    let carry = 0;
    for (let i = 0; i < 4; i++) {
      const sum = (words[i] >>> 0) + initial[i] + carry;
      words[i] = sum | 0;
      carry = sum > 0xffffffff ? 1 : 0;
    }
    this.step();
  }

  /** Draws 64 bits into `high` and `low`. */
  next64(): void {
    this.step();
    const words = this.words;
    const high = words[3];
    const x = words[1] ^ high;
    const y = words[0] ^ words[2];
    // Rotate right by the upper six bits of the state. A shift count is taken modulo 32, hence the `>>> 1`, which
    // makes a shift by 32 - rotation right for a rotation of 0 too.
    const rotation = high >>> 26;
    const swap = -(rotation >>> 5);
    const a = x ^ ((x ^ y) & swap);
    const b = y ^ ((x ^ y) & swap);
    const left = 31 - (rotation & 31);
    this.high = (a >>> rotation) | ((b << 1) << left);
    this.low = (b >>> rotation) | ((a << 1) << left);
  }

  /** 32 bits as a signed integer. Every second call takes the upper half of the 64 bits that the first one drew. */
  next32(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.spare;
    }
    this.next64();
    this.hasSpare = true;
    this.spare = this.high;
    return this.low;
  }

  /** A double in [0, 1) with 53 random bits. */
  nextDouble(): number {
    this.next64();
    return ((this.high >>> 0) * 2097152 + (this.low >>> 11)) * (1 / 9007199254740992);
  }

  /** An integer in [0, range], range a safe integer: Lemire's method on 32 bits where they suffice, else on 64. */
  bounded(range: number): number {
    if (range <= 0) return 0;
    if (range >= 0xffffffff) return range === 0xffffffff ? this.next32() >>> 0 : this.bounded64(range);
    const count = range + 1;
    let word = this.next32();
    // The product's upper half is the result, its lower half decides about rejection (Lemire 2019, Algorithm 5).
    let leftover = Math.imul(word, count) >>> 0;
    if (leftover < count) {
      const threshold = (0xffffffff - range) % count;
      while (leftover < threshold) {
        word = this.next32();
        leftover = Math.imul(word, count) >>> 0;
      }
    }
    return upperHalf(word & 0xffff, word >>> 16, count & 0xffff, count >>> 16) >>> 0;
  }

  /** Ranges beyond 32 bits are rare; BigInt is good enough for them. */
  private bounded64(range: number): number {
    const count = BigInt(range) + 1n;
    const draw = (): bigint => {
      this.next64();
      return ((BigInt(this.high >>> 0) << 32n) | BigInt(this.low >>> 0)) * count;
    };
    let product = draw();
    if ((product & MASK_64) < count) {
      const threshold = (MASK_64 - BigInt(range)) % count;
      while ((product & MASK_64) < threshold) product = draw();
    }
    return Number(product >> 64n);
  }

  /** An integer in [0, max], max a 32-bit integer, by rejection of masked bits: what NumPy's shuffle uses. */
  masked(max: number): number {
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    let value: number;
    do value = (this.next32() & mask) >>> 0;
    while (value > max);
    return value;
  }

  /** Fills with offset + [0, range], range from 1 to 255, four bytes of each 32-bit word in turn. */
  fillBounded8(out: { [index: number]: number; readonly length: number }, offset: number, range: number): void {
    const count = range + 1;
    const threshold = (0xff - range) % count;
    let left = 0;
    let buffer = 0;
    for (let i = 0; i < out.length; i++) {
      let product: number;
      do {
        buffer = left === 0 ? this.next32() : buffer >>> 8;
        left = left === 0 ? 3 : left - 1;
        product = (buffer & 0xff) * count;
      } while ((product & 0xff) < threshold);
      out[i] = offset + (product >>> 8);
    }
  }

  /** Fills with offset + [0, range], range from 1 to 65535, two halves of each 32-bit word in turn. */
  fillBounded16(out: { [index: number]: number; readonly length: number }, offset: number, range: number): void {
    const count = range + 1;
    const threshold = (0xffff - range) % count;
    let left = 0;
    let buffer = 0;
    for (let i = 0; i < out.length; i++) {
      let product: number;
      do {
        buffer = left === 0 ? this.next32() : buffer >>> 16;
        left = left === 0 ? 1 : 0;
        product = (buffer & 0xffff) * count;
      } while (product % 0x10000 < threshold);
      out[i] = offset + Math.floor(product / 0x10000);
    }
  }

  /** Fills with single bits, 32 of each word from the lowest up. */
  fillBits(out: { [index: number]: number; readonly length: number }): void {
    let buffer = 0;
    for (let i = 0; i < out.length; i++) {
      buffer = i % 32 === 0 ? this.next32() : buffer >>> 1;
      out[i] = buffer & 1;
    }
  }

  /** State in ten words: state, increment, flag of the spare half, spare half. */
  save(): Uint32Array {
    const out = new Uint32Array(10);
    out.set(this.words);
    out[8] = this.hasSpare ? 1 : 0;
    out[9] = this.spare;
    return out;
  }

  restore(state: Uint32Array): void {
    this.words.set(state.subarray(0, 8));
    this.hasSpare = state[8] === 1;
    this.spare = state[9] | 0;
  }

  /** state = state * multiplier + increment (mod 2^128); schoolbook, column by column. */
  private step(): void {
    const words = this.words;
    const s0 = words[0];
    const s1 = words[1];
    const s2 = words[2];
    const s3 = words[3];
    const i0 = words[4];
    const i1 = words[5];
    const i2 = words[6];
    const l0 = s0 & 0xffff;
    const h0 = s0 >>> 16;
    const l1 = s1 & 0xffff;
    const h1 = s1 >>> 16;
    const l2 = s2 & 0xffff;
    const h2 = s2 >>> 16;

    let p = Math.imul(s0, M0);
    let lower = (p & 0xffff) + (i0 & 0xffff);
    let upper = (p >>> 16) + (i0 >>> 16) + (lower >>> 16);
    words[0] = (upper << 16) | (lower & 0xffff);

    p = upperHalf(l0, h0, M0 & 0xffff, M0 >>> 16);
    let q = Math.imul(s0, M1);
    let r = Math.imul(s1, M0);
    lower = (p & 0xffff) + (q & 0xffff) + (r & 0xffff) + (i1 & 0xffff) + (upper >>> 16);
    upper = (p >>> 16) + (q >>> 16) + (r >>> 16) + (i1 >>> 16) + (lower >>> 16);
    words[1] = (upper << 16) | (lower & 0xffff);

    p = upperHalf(l0, h0, M1 & 0xffff, M1 >>> 16);
    q = upperHalf(l1, h1, M0 & 0xffff, M0 >>> 16);
    r = Math.imul(s0, M2);
    const t = Math.imul(s1, M1);
    const u = Math.imul(s2, M0);
    lower = (p & 0xffff) + (q & 0xffff) + (r & 0xffff) + (t & 0xffff) + (u & 0xffff) + (i2 & 0xffff) + (upper >>> 16);
    upper = (p >>> 16) + (q >>> 16) + (r >>> 16) + (t >>> 16) + (u >>> 16) + (i2 >>> 16) + (lower >>> 16);
    words[2] = (upper << 16) | (lower & 0xffff);

    words[3] =
      upperHalf(l0, h0, M2 & 0xffff, M2 >>> 16) +
      upperHalf(l1, h1, M1 & 0xffff, M1 >>> 16) +
      upperHalf(l2, h2, M0 & 0xffff, M0 >>> 16) +
      Math.imul(s0, M3) +
      Math.imul(s1, M2) +
      Math.imul(s2, M1) +
      Math.imul(s3, M0) +
      words[7] +
      (upper >>> 16);
  }
}

// The multiplier 0x2360ed051fc65da44385df649fccf645, least significant limb first.
const M0 = 0x9fccf645;
const M1 = 0x4385df64;
const M2 = 0x1fc65da4;
const M3 = 0x2360ed05;

const MASK_64 = (1n << 64n) - 1n;

/** Bits 32 to 63 of the product of two unsigned 32-bit integers that come as 16-bit halves. */
function upperHalf(aLower: number, aUpper: number, bLower: number, bUpper: number): number {
  const middle = (Math.imul(aUpper, bLower) + (Math.imul(aLower, bLower) >>> 16)) | 0;
  const cross = (Math.imul(aLower, bUpper) + (middle & 0xffff)) | 0;
  return (Math.imul(aUpper, bUpper) + (middle >>> 16) + (cross >>> 16)) | 0;
}

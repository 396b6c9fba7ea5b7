import { BLOCK_SIZE, fillBlock, stepState, upperHalf } from './pcg64-block.ts';
import type { SeedSequence } from './seed-sequence.ts';

/**
 * PCG64, NumPy's default bit generator: a 128-bit linear congruential generator whose state is folded to 64 bits by
 * XSL-RR (O'Neill 2014, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms", section 6.3.3).
 * Outputs are made a block ahead; the draws on top of them use the bits as NumPy does.
 */
export class Pcg64 {
  /** State behind the block, in the layout of `fillBlock`. */
  private readonly state = new Int32Array(8);
  /** State before the block. */
  private readonly blockStart = new Int32Array(4);
  /** Outputs as pairs (lower, upper half). */
  private readonly block = new Int32Array(2 * BLOCK_SIZE);
  /** Index in `block` of the next output; its length when there is none. */
  private position = 2 * BLOCK_SIZE;
  /** Upper 32 bits of an output whose lower ones `next32` has given out. */
  private spare = 0;
  private hasSpare = false;
  /** Upper and lower half of the last `next64`, as signed 32-bit integers. */
  high = 0;
  low = 0;

  constructor(seed: SeedSequence) {
    const state = this.state;
    // Four 64-bit words in NumPy's order: upper and lower half of the initial state, then of the stream number.
    const words = seed.generateState(8);
    const stream = [words[6], words[7], words[4], words[5]];
    for (let i = 0; i < 4; i++) state[4 + i] = (stream[i] << 1) | (i === 0 ? 1 : stream[i - 1] >>> 31);
    // A step from 0, the initial state added, another step.
    stepState(state);
    const initial = [words[2], words[3], words[0], words[1]];
    let carry = 0;
    for (let i = 0; i < 4; i++) {
      const sum = (state[i] >>> 0) + initial[i] + carry;
      state[i] = sum;
      carry = sum > 0xffffffff ? 1 : 0;
    }
    stepState(state);
  }

  /** Index in `block` of an output, which is then used up. */
  private take(): number {
    if (this.position === 2 * BLOCK_SIZE) this.refill();
    const at = this.position;
    this.position = at + 2;
    return at;
  }

  private refill(): void {
    for (let i = 0; i < 4; i++) this.blockStart[i] = this.state[i];
    fillBlock(this.state, this.block);
    this.position = 0;
  }

  /** Draws 64 bits into `high` and `low`. */
  next64(): void {
    const at = this.take();
    this.low = this.block[at];
    this.high = this.block[at + 1];
  }

  /** 32 bits as a signed integer. Every second call takes the upper half of the 64 bits that the first one drew. */
  next32(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.spare;
    }
    const at = this.take();
    this.hasSpare = true;
    this.spare = this.block[at + 1];
    return this.block[at];
  }

  /** A double in [0, 1) with 53 random bits. */
  nextDouble(): number {
    const at = this.take();
    return ((this.block[at + 1] >>> 0) * 0x200000 + (this.block[at] >>> 11)) * (1 / 0x20000000000000);
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
    return upperHalf(word, count) >>> 0;
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

  /** State in ten words: state and increment as if no block were made ahead, flag of the spare half, spare half. */
  save(): Uint32Array {
    const state = this.state.slice();
    if (this.position < 2 * BLOCK_SIZE) {
      state.set(this.blockStart);
      for (let i = 0; i < this.position; i += 2) stepState(state);
    }
    const out = new Uint32Array(10);
    out.set(state);
    out[8] = this.hasSpare ? 1 : 0;
    out[9] = this.spare;
    return out;
  }

  /** Takes the whole state of another one over, without making anything. */
  copyFrom(other: Pcg64): void {
    this.state.set(other.state);
    this.blockStart.set(other.blockStart);
    this.block.set(other.block);
    this.position = other.position;
    this.hasSpare = other.hasSpare;
    this.spare = other.spare;
  }

  restore(saved: Uint32Array): void {
    this.state.set(saved.subarray(0, 8));
    this.position = 2 * BLOCK_SIZE;
    this.hasSpare = saved[8] === 1;
    this.spare = saved[9] | 0;
  }
}

const MASK_64 = (1n << 64n) - 1n;

import { MismatchError } from '../core/errors.ts';

const SIZE = 624;
const MIDDLE = 397;

/**
 * The generator that ALE draws sticky actions from: MT19937 (Matsumoto and Nishimura 1998), seeded as C++'s
 * `std::mt19937`.
 */
export class MersenneTwister {
  private readonly state = new Uint32Array(SIZE);
  private at = SIZE;

  /** @param seed 32 bits; others are cut off. */
  constructor(seed: number) {
    this.seed(seed);
  }

  seed(seed: number): void {
    const { state } = this;
    state[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const before = state[i - 1] ^ (state[i - 1] >>> 30);
      state[i] = Math.imul(before, 1_812_433_253) + i;
    }
    this.at = SIZE;
  }

  /** 32 random bits, as a number from 0. */
  next(): number {
    if (this.at === SIZE) this.twist();
    let y = this.state[this.at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A number in [0, 1), 32 bits of it random. */
  nextDouble(): number {
    return this.next() / 2 ** 32;
  }

  private twist(): void {
    const { state } = this;
    for (let i = 0; i < SIZE; i++) {
      const next = i + 1 < SIZE ? i + 1 : 0;
      const far = i + MIDDLE < SIZE ? i + MIDDLE : i + MIDDLE - SIZE;
      const y = (state[i] & 0x80000000) | (state[next] & 0x7fffffff);
      state[i] = state[far] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.at = 0;
  }

  /** The whole state, [625]: the words and the place of the next. */
  save(): Uint32Array {
    const saved = new Uint32Array(SIZE + 1);
    saved.set(this.state);
    saved[SIZE] = this.at;
    return saved;
  }

  /** @throws MismatchError unless it is what `save` returned. */
  restore(saved: Uint32Array): void {
    if (saved.length !== SIZE + 1 || saved[SIZE] > SIZE) throw new MismatchError('Not a state of a MersenneTwister.');
    this.state.set(saved.subarray(0, SIZE));
    this.at = saved[SIZE];
  }
}

/**
 * MT19937 (Matsumoto and Nishimura 1998): the console's power-on noise, and what ALE draws sticky actions from. ALE seeds the
 * console's with a constant, so every console starts alike; a reset draws the RIOT's timer and the cartridge's memory from it.
 */
import { MismatchError } from '../../core/errors.ts';

const N = 624;
const M = 397;

export class MersenneTwister {
  /** The generator's words, then the place of the next one. */
  readonly state = new Uint32Array(N + 1);

  /** @param seed 32 bits; higher ones are ignored. */
  constructor(seed: number) {
    this.seed(seed);
  }

  /** Starts over, as C++'s `std::mt19937` does with this seed. */
  seed(seed: number): void {
    const state = this.state;
    state[0] = seed;
    for (let i = 1; i < N; i++) {
      const before = state[i - 1]! ^ (state[i - 1]! >>> 30);
      state[i] = Math.imul(1812433253, before) + i;
    }
    state[N] = N;
  }

  /** 32 random bits, as a number from 0. */
  next(): number {
    const state = this.state;
    if (state[N]! >= N) {
      for (let i = 0; i < N; i++) {
        const y = (state[i]! & 0x80000000) | (state[(i + 1) % N]! & 0x7fffffff);
        state[i] = state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      state[N] = 0;
    }
    let y = state[state[N]!]!;
    state[N] = state[N]! + 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A number in [0, 1), 32 bits of it random. */
  nextDouble(): number {
    return this.next() / 2 ** 32;
  }

  /** The whole state, [625]: the words and the place of the next. */
  save(): Uint32Array {
    return this.state.slice();
  }

  /** @throws MismatchError unless it is what `save` returned. */
  restore(saved: Uint32Array): void {
    if (saved.length !== N + 1 || saved[N] > N) throw new MismatchError('Not a state of a MersenneTwister.');
    this.state.set(saved);
  }
}

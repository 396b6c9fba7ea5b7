import { MismatchError } from '../core/errors.ts';
import { MersenneTwister as Generator } from './console/index.ts';

/** The console's generator, as ALE draws sticky actions from it. */
export class MersenneTwister extends Generator {
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
    const { length } = this.state;
    if (saved.length !== length || saved[length - 1] >= length) {
      throw new MismatchError('Not a state of a MersenneTwister.');
    }
    this.state.set(saved);
  }
}

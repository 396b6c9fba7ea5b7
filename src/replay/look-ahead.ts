import { Generator } from '../core/random/index.ts';
import type { TransitionStore } from './transition-store.ts';
import type { TransitionStream } from './transition-stream.ts';
import { drawSlots, type UniformReplay } from './uniform.ts';

/**
 * Predicts which slots a uniform replay will draw next: the generator's next numbers are known, and so is what the replay
 * will hold after some more steps, unless an episode ends until then. Neither moves. Prefetching relies on it.
 */
export class LookAhead {
  readonly #store: TransitionStore;
  readonly #replacement: boolean;
  readonly #random: Generator;
  /** Draws what the caller's generator is going to draw. */
  readonly #ahead = new Generator(0);
  readonly #taken: Uint8Array;

  /** @param random the generator that the replay's samples are drawn from. */
  constructor(replay: UniformReplay, random: Generator) {
    this.#store = replay.store;
    this.#replacement = replay.replacement;
    this.#random = random;
    this.#taken = new Uint8Array(replay.store.slots);
  }

  /**
   * Predicts the slots of the next batch once every stream has received `steps` more transitions. A slot that one of those
   * will overwrite is reported as well.
   * @param out [batch], overwritten.
   */
  peek(steps: number, out: Int32Array): void {
    this.#ahead.copyFrom(this.#random);
    let size = 0;
    for (const stream of this.#store.streams) size += sizeAfter(stream, steps);
    const slotOfRank = (rank: number): number => this.#slotOfRank(rank, steps);
    drawSlots(this.#ahead, out, size, slotOfRank, this.#replacement ? undefined : this.#taken);
  }

  /** As `TransitionStore.slotOfRank`, `steps` later. */
  #slotOfRank(rank: number, steps: number): number {
    let left = rank;
    for (let index = 0; ; index++) {
      const stream = this.#store.streams[index];
      const size = sizeAfter(stream, steps);
      if (left < size) return this.#store.slotOf(index, stream.readyEnd + steps - size + left);
      left -= size;
    }
  }
}

/** Transitions of a stream that can be drawn once `steps` more are ready. */
function sizeAfter(stream: TransitionStream, steps: number): number {
  return Math.min(stream.size + steps, stream.capacity);
}

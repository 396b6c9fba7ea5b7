import type { Generator } from '../core/random/index.ts';
import { sizeOf } from '../core/shape.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { TypedArray } from '../graph/index.ts';
import type { NoiseSpec } from '../nn/networks/network.ts';

/** The random vectors that noisy networks are fed with: standard normal numbers, drawn anew together. */
export class NoiseSource implements Restorable {
  readonly #random: Generator;
  readonly #arrays: readonly Float32Array[];

  /**
   * @param noise vectors of one network.
   * @param prefixes one set of vectors for each, under these beginnings of their names.
   * @param feeds gets the arrays by name; they stay the same objects.
   */
  constructor(
    noise: readonly NoiseSpec[],
    prefixes: readonly string[],
    random: Generator,
    feeds: Record<string, TypedArray>,
  ) {
    this.#random = random;
    this.#arrays = prefixes.flatMap((prefix) =>
      noise.map(({ name, shape }) => {
        const array = new Float32Array(sizeOf(shape));
        feeds[`${prefix}${name}`] = array;
        return array;
      }),
    );
  }

  /** New numbers in all vectors. */
  draw(): void {
    for (const array of this.#arrays) this.#random.normalArray(array);
  }

  saveState(): Snapshot {
    return this.#random.saveState();
  }

  restoreState(state: Snapshot): void {
    this.#random.restoreState(state);
  }
}

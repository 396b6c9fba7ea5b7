import type { Generator } from '../core/random/index.ts';
import { sizeOf } from '../core/shape.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { TypedArray } from '../graph/index.ts';
import type { NoiseSpec } from '../nn/networks/network.ts';

/** How the numbers of an array are drawn. */
export type Fill = (random: Generator, array: Float32Array) => void;

const normal: Fill = (random, array) => random.normalArray(array);

/** Numbers of U(0, 1): what quantile fractions are drawn from. */
export const unitUniform: Fill = (random, array) => {
  for (let i = 0; i < array.length; i++) array[i] = random.random();
};

/** The random arrays that updates and noisy networks are fed with, drawn anew together. */
export class NoiseSource implements Restorable {
  readonly #random: Generator;
  readonly #arrays: readonly Float32Array[];
  readonly #fill: Fill;

  /**
   * @param noise vectors of one network.
   * @param prefixes one set of vectors for each, under these beginnings of their names.
   * @param feeds gets the arrays by name; they stay the same objects.
   * @param fill by default with standard normal numbers.
   */
  constructor(
    noise: readonly NoiseSpec[],
    prefixes: readonly string[],
    random: Generator,
    feeds: Record<string, TypedArray>,
    fill: Fill = normal,
  ) {
    this.#random = random;
    this.#fill = fill;
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
    for (const array of this.#arrays) this.#fill(this.#random, array);
  }

  saveState(): Snapshot {
    return this.#random.saveState();
  }

  restoreState(state: Snapshot): void {
    this.#random.restoreState(state);
  }
}

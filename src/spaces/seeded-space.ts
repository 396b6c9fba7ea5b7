import { Generator } from '../core/random/index.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';

/**
 * What all spaces share: a generator of their own, seeded as in Gymnasium and made from fresh entropy at the first
 * draw when nobody seeded it.
 */
export abstract class SeededSpace<T, M> implements Space<T, M> {
  abstract readonly kind: string;
  abstract readonly shape: readonly number[] | undefined;
  protected lazyGenerator: Generator | undefined;

  abstract sample(mask?: M): T;
  abstract contains(value: unknown): value is T;
  abstract toString(): string;

  /** The generator behind `sample` (Gymnasium's `np_random`). */
  get generator(): Generator {
    this.lazyGenerator ??= Generator.fromEntropy();
    return this.lazyGenerator;
  }

  seed(seed?: number | bigint): void {
    this.lazyGenerator = seed === undefined ? Generator.fromEntropy() : new Generator(seed);
  }

  saveState(): Snapshot {
    return this.lazyGenerator === undefined ? null : this.lazyGenerator.saveState();
  }

  restoreState(state: Snapshot): void {
    if (state === null) {
      this.lazyGenerator = undefined;
      return;
    }
    this.lazyGenerator ??= new Generator(0);
    this.lazyGenerator.restoreState(state);
  }
}

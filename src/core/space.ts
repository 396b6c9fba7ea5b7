import type { Restorable } from './snapshot.ts';

/**
 * A set of values with a seeded way to draw from it (Gymnasium's `spaces.Space`). With the same seed the samples are
 * those of Gymnasium, bit for bit.
 * @typeParam T a member of the space.
 * @typeParam M what `sample` takes as a mask; `never` where Gymnasium has none.
 */
export interface Space<T = unknown, M = unknown> extends Restorable {
  /** Which space this is: lets code narrow without `instanceof` across bundles. */
  readonly kind: string;
  /** Shape of a member as an array; `[]` for a scalar, undefined for composite spaces. */
  readonly shape: readonly number[] | undefined;
  /** Draws a member. Every call advances the space's own generator. */
  sample(mask?: M): T;
  /** Whether a value belongs to the space. Never throws. */
  contains(value: unknown): value is T;
  /** Seeds the space's generator as Gymnasium's `space.seed(seed)`; undefined takes fresh entropy. */
  seed(seed?: number | bigint): void;
  /** Gymnasium's `repr`, such as `Discrete(16)`. */
  toString(): string;
}

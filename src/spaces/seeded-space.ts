import { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';

/** `util.inspect.custom`, without importing Node's module. */
const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** What `seed` takes: an integer for any space; for `Tuple` and `Dict` also one seed for each part, in its shape. */
export type SpaceSeed = number | bigint | readonly SpaceSeed[] | { readonly [key: string]: SpaceSeed };

/**
 * What all spaces share: a generator of their own, seeded as in Gymnasium and made from fresh entropy at the first
 * draw when nobody seeded it.
 */
export abstract class SeededSpace<T, M> implements Space<T, M> {
  abstract readonly kind: string;
  abstract readonly shape: readonly number[] | undefined;
  private lazyGenerator: Generator | undefined;

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

  /** What Node's `console.log` shows: the text form, as Python shows a space. */
  [INSPECT](): string {
    return this.toString();
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

/** A space made of other spaces: `Tuple` and `Dict`. Its own generator only makes seeds for the parts. */
export abstract class CompositeSpace<T, M> extends SeededSpace<T, M> {
  readonly shape = undefined;
  /** The parts in the order in which they are seeded and drawn. */
  protected abstract readonly parts: readonly Space[];

  override seed(seed?: number | bigint): void {
    if (seed === undefined) {
      for (const part of this.parts) part.seed();
      return;
    }
    super.seed(seed);
    for (const part of this.parts) part.seed(this.generator.integers(0x7fffffff));
  }

  override saveState(): Snapshot {
    return { own: super.saveState(), parts: this.parts.map((part) => part.saveState()) };
  }

  override restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'space');
    const parts = saved.list('parts', this.parts.length);
    super.restoreState(saved.part('own'));
    for (const [i, part] of this.parts.entries()) part.restoreState(parts[i]);
  }
}

/** Draws from a part of a composite space. Every space but `Box` takes a probability as its second argument. */
export function samplePart(part: Space, mask: unknown, probability: unknown): unknown {
  return (part as { sample(mask: unknown, probability: unknown): unknown }).sample(mask, probability);
}

/** The type of a space's members. */
export type MemberOf<S> = S extends Space<infer T, infer _M> ? T : never;
/** The type of a space's mask. */
export type MaskOf<S> = S extends Space<infer _T, infer M> ? M : never;

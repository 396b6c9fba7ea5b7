import { OptionError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import type { MaskOf, MemberOf, SpaceSeed } from './seeded-space.ts';
import { CompositeSpace, samplePart } from './seeded-space.ts';

type Members<S extends readonly Space[]> = { -readonly [I in keyof S]: MemberOf<S[I]> };
type Masks<S extends readonly Space[]> = { readonly [I in keyof S]: MaskOf<S[I]> | undefined };

/** Arrays with one member of each of several spaces (Gymnasium's `Tuple`). */
export class Tuple<const S extends readonly Space[]> extends CompositeSpace<Members<S>, Masks<S>> {
  readonly kind = 'tuple';
  readonly spaces: S;
  protected readonly parts: readonly Space[];

  constructor(spaces: S, seed?: SpaceSeed) {
    super();
    this.spaces = spaces;
    this.parts = spaces;
    if (seed !== undefined) this.seed(seed);
  }

  /** An integer makes a seed for each part; an array gives them; undefined takes fresh entropy for each. */
  override seed(seed?: SpaceSeed): void {
    if (typeof seed !== 'object') {
      super.seed(seed);
      return;
    }
    if (!Array.isArray(seed) || seed.length !== this.parts.length) {
      throw new OptionError('Tuple seed', seed, `an integer or ${this.parts.length} seeds`);
    }
    for (const [i, part] of this.parts.entries()) part.seed(seed[i]);
  }

  /** Draws from each part in order, with its mask or probability where given. */
  sample(mask?: Masks<S>, probability?: readonly unknown[]): Members<S> {
    const given = mask ?? probability;
    if (given !== undefined && given.length !== this.parts.length) {
      throw new OptionError('Tuple.sample', given, `${this.parts.length} entries, one for each space`);
    }
    return this.parts.map((part, i) => samplePart(part, mask?.[i], probability?.[i])) as Members<S>;
  }

  contains(value: unknown): value is Members<S> {
    return (
      Array.isArray(value) &&
      value.length === this.parts.length &&
      this.parts.every((part, i) => part.contains(value[i]))
    );
  }

  override toString(): string {
    return `Tuple(${this.parts.join(', ')})`;
  }
}

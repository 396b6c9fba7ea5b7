import { OptionError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import type { Space } from '../core/space.ts';
import type { MaskOf, MemberOf, SpaceSeed } from './seeded-space.ts';
import { CompositeSpace, samplePart } from './seeded-space.ts';

type Spaces = Readonly<Record<string, Space>>;
type Members<S extends Spaces> = { -readonly [K in keyof S]: MemberOf<S[K]> };
type Masks<S extends Spaces> = { readonly [K in keyof S]?: MaskOf<S[K]> | undefined };

export interface DictOptions {
  /** Whether parts are seeded and drawn in the order of their sorted keys, Gymnasium's default; else as given. */
  sortKeys?: boolean | undefined;
  seed?: SpaceSeed | undefined;
}

const OPTIONS: OptionNames<DictOptions> = {
  sortKeys: true,
  seed: true,
};

/** Plain objects with one member of a space under each key (Gymnasium's `Dict`). */
export class Dict<S extends Spaces> extends CompositeSpace<Members<S>, Masks<S>> {
  readonly kind = 'dict';
  readonly spaces: S;
  /** Keys in the order in which the parts are seeded, drawn and printed. */
  readonly keys: readonly (keyof S & string)[];
  protected readonly parts: readonly Space[];

  constructor(spaces: S, options: DictOptions = {}) {
    super();
    checkOptionNames(options, OPTIONS);
    this.spaces = spaces;
    this.keys = options.sortKeys === false ? Object.keys(spaces) : Object.keys(spaces).sort();
    this.parts = this.keys.map((key) => spaces[key]);
    if (options.seed !== undefined) this.seed(options.seed);
  }

  /** An integer makes a seed for each part; an object gives them; undefined takes fresh entropy for each. */
  override seed(seed?: SpaceSeed): void {
    if (typeof seed !== 'object') {
      super.seed(seed);
      return;
    }
    if (!sameKeys(seed, this.keys)) {
      throw new OptionError('Dict seed', seed, `an integer or an object with the keys ${this.keys.join(', ')}`);
    }
    for (const [i, part] of this.parts.entries()) {
      part.seed((seed as Record<string, SpaceSeed>)[this.keys[i]] as number | bigint);
    }
  }

  /** Draws from each part in the order of `keys`, with its mask or probability where given. */
  sample(mask?: Masks<S>, probability?: Readonly<Record<string, unknown>>): Members<S> {
    for (const key of Object.keys(mask ?? probability ?? {})) {
      if (!this.keys.includes(key)) throw new OptionError('Dict.sample', key, `the keys ${this.keys.join(', ')}`);
    }
    const out: Record<string, unknown> = {};
    for (const [i, key] of this.keys.entries()) out[key] = samplePart(this.parts[i], mask?.[key], probability?.[key]);
    return out as Members<S>;
  }

  contains(value: unknown): value is Members<S> {
    return (
      sameKeys(value, this.keys) &&
      this.keys.every((key, i) => this.parts[i].contains((value as Record<string, unknown>)[key]))
    );
  }

  override toString(): string {
    return `Dict(${this.keys.map((key, i) => `${pythonString(key)}: ${this.parts[i]}`).join(', ')})`;
  }
}

function sameKeys(value: unknown, keys: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
}

function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

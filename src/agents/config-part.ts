/**
 * Parts of a configuration that are one of several kinds, each with keys of its own: `{ kind: 'prioritized', alpha: 0.6, … }`.
 * What a kind has no use for is not there.
 */
import * as z from 'zod/mini';
import { OptionError } from '../core/errors.ts';
import type { OwnKind } from './own-kinds.ts';
import { parseConfig } from './parse-config.ts';

/** The keys of each kind. */
export type KindSchemas = Readonly<Record<string, z.ZodMiniObject>>;

/** A part of one of these kinds. (Keys of an empty schema are every string to the compiler.) */
export type PartOf<S extends KindSchemas> = {
  readonly [K in keyof S & string]: string extends keyof z.infer<S[K]>
    ? { readonly kind: K }
    : { readonly kind: K } & Readonly<z.infer<S[K]>>;
}[keyof S & string];

/** Kinds that modules outside the package registered. */
type FindOwn = (kind: string) => Pick<OwnKind<object>, 'parse'> | undefined;

/**
 * Checks a part.
 * @param name of the part in its configuration, such as `network`.
 * @throws OptionError naming the key that is missing, unknown or out of range.
 */
export function parsePart<S extends KindSchemas>(name: string, schemas: S, value: unknown, own?: FindOwn): PartOf<S> {
  const kinds = Object.keys(schemas);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OptionError(name, value, `an object with a kind, as ${JSON.stringify({ kind: kinds[0] })}`);
  }
  const { kind, ...options } = value as Readonly<Record<string, unknown>>;
  if (typeof kind === 'string') {
    if (Object.hasOwn(schemas, kind)) {
      return { kind, ...parseConfig(schemas[kind]!, options, `${name}.`) } as PartOf<S>;
    }
    const found = own?.(kind);
    // Kinds of other modules are known by what they build, not by a type.
    if (found !== undefined) return { kind, ...found.parse(options, `${name}.`) } as PartOf<S>;
  }
  const more = own === undefined ? '' : `, or one of your own, as ./my-${name}.mjs:my-${name}`;
  throw new OptionError(`${name}.kind`, kind, `one of ${kinds.join(', ')}${more}`);
}

/** A part as the value of a key in a schema. */
export const part = <S extends KindSchemas>(name: string, schemas: S, own?: FindOwn) =>
  z.pipe(
    z.unknown(),
    z.transform((value): PartOf<S> => parsePart(name, schemas, value, own)),
  );

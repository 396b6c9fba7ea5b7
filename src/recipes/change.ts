import { isObject } from '../core/is-object.ts';
import { isPart, sourcesOf } from './leaves.ts';
import type { Part, Recipe, Source } from './recipe.ts';

/** Keys of a part without its kind. */
type PartKeys<P> = P extends Part ? { readonly [K in Exclude<keyof P, 'kind'>]?: P[K] } : never;

/** New values for some keys of a configuration. A part that names its kind takes the old one's place, whole; otherwise the
 * keys it has are changed. */
export type ConfigChange<C> = {
  readonly [K in keyof C]?: C[K] extends Part ? C[K] | PartKeys<C[K]> : C[K];
};

/** A source for every value of a change. */
type ChangeSources<X> = {
  readonly [L in {
    [K in keyof X & string]: X[K] extends readonly unknown[] | string | number | boolean | null
      ? K
      : `${K}.${keyof X[K] & string}`;
  }[keyof X & string]]: Source;
};

/** Changes to a configuration, with a source for each of its values. */
export interface Change<X = object> {
  readonly config: X;
  readonly sources: Readonly<Record<string, Source>>;
}

/** Makes changes to configurations of a type: `change({ gamma: 0.9 }, { gamma: cite('…') })`. */
export const changesOf =
  <C extends object>() =>
  <const X extends ConfigChange<C>>(config: X, sources: ChangeSources<X>): Change<X> => ({
    config,
    sources: sources as Readonly<Record<string, Source>>,
  });

/** The configuration with changes made to it, one after the other. Nothing is checked. */
export function changed<C extends object>(config: C, ...changes: readonly ConfigChange<C>[]): C {
  const result: Record<string, unknown> = Object.fromEntries(Object.entries(config));
  for (const [key, value] of changes.flatMap((change) => Object.entries(change))) {
    const old = result[key];
    result[key] = isPart(old) && isObject(value) && !isPart(value) ? { ...old, ...value } : value;
  }
  return result as C;
}

/** A recipe made from another by changes. What the other usually takes, and what is a share of its run, says nothing of it. */
export function vary<C extends object>(
  base: Recipe<C>,
  names: Pick<Recipe, 'id' | 'title'> & Partial<Pick<Recipe, 'env' | 'alsoFor' | 'anyGame' | 'usual' | 'runShares'>>,
  ...changes: readonly Change<ConfigChange<C>>[]
): Recipe<C> {
  let { config } = base;
  let sources: Readonly<Record<string, Source>> = base.sources;
  for (const change of changes) {
    config = changed(config, change.config);
    sources = { ...sources, ...change.sources };
  }
  // Sources of parts that were replaced go with them.
  const { usual: _, anyGame: __, runShares: ___, ...rest } = base;
  return { ...rest, ...names, config, sources: sourcesOf(config, sources) as Recipe<C>['sources'] };
}

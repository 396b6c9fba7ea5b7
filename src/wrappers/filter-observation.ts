import type { Env } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { Dict } from '../spaces/dict.ts';
import { Tuple } from '../spaces/tuple.ts';
import { TransformObservation } from './transform-observation.ts';

/** Passes on some parts of `Dict` or `Tuple` observations (Gymnasium's `FilterObservation`). */
export class FilterObservation<O = unknown, A = unknown> extends TransformObservation<O, unknown, A> {
  /** @param keys names in a Dict, indices in a Tuple; at least one, none twice.
   * @throws MismatchError for another space, OptionError for keys that it lacks. */
  constructor(env: Env<unknown, A>, keys: readonly (string | number)[]) {
    const { kind } = env.observationSpace;
    if (kind !== 'dict' && kind !== 'tuple') {
      throw new MismatchError(`FilterObservation needs a Dict or Tuple of observations, got ${env.observationSpace}.`);
    }
    const spaces = (env.observationSpace as unknown as { spaces: Readonly<Record<string, Space>> }).spaces;
    const known = Object.keys(spaces);
    const wrong = (key: string | number): boolean =>
      typeof key !== (kind === 'dict' ? 'string' : 'number') || !known.includes(String(key));
    if (!Array.isArray(keys) || keys.length === 0 || keys.some(wrong) || new Set(keys).size < keys.length) {
      throw new OptionError('keys', keys, `some of ${known.join(', ')}, each once`);
    }
    const chosen = keys.map((key) => spaces[key]);
    if (kind === 'tuple') {
      const pick = (observation: unknown) => keys.map((key) => (observation as Record<string, unknown>)[key]) as O;
      super(env, pick, new Tuple(chosen) as Space as Space<O>);
      return;
    }
    const sortKeys = String((env.observationSpace as unknown as { keys: string[] }).keys) === String(known.sort());
    const space = new Dict(Object.fromEntries(keys.map((key, i) => [key, chosen[i]])), { sortKeys });
    const pick = (observation: unknown) =>
      Object.fromEntries(keys.map((key) => [key, (observation as Record<string, unknown>)[key]])) as O;
    super(env, pick, space as Space as Space<O>);
  }
}

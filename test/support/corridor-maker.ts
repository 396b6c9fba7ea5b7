import type { Env } from '../../src/core/env.ts';
import { OptionError } from '../../src/core/errors.ts';
import { corridor, ModelEnv } from './model-env.ts';

/** A corridor of so many rooms, the last of which pays: an environment for threads to import. */
export function makeCorridor({ length }: { readonly length?: unknown } = {}): Env {
  if (typeof length !== 'number') throw new OptionError('length', length, 'a number');
  return new ModelEnv(corridor([...new Array<number>(length - 1).fill(0), 1], -1)) as Env;
}

import type { Env } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { make } from '../envs/registry.ts';
import { SyncVectorEnv, type SyncVectorOptions } from './sync-vector-env.ts';

export interface MakeVecOptions extends SyncVectorOptions {
  /** Constructor options of every environment. */
  readonly envOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Wrapped around every environment, the first innermost. */
  readonly wrappers?: readonly ((env: Env) => Env)[] | undefined;
}

/**
 * Makes a vector of one registered environment (Gymnasium's `make_vec` in its mode `sync`); for one that steps in threads
 * see `makeWorkerVectorEnv` in `bellman-rl/node`.
 * @throws UnknownNameError for an unknown id or option, OptionError for a value out of range.
 */
export function makeVec(id: string, numEnvs: number, options: MakeVecOptions = {}): SyncVectorEnv {
  if (!Number.isSafeInteger(numEnvs) || numEnvs < 1) throw new OptionError('numEnvs', numEnvs, 'a positive integer');
  const { envOptions, wrappers = [], ...vector } = options;
  const one = (): Env => wrappers.reduce((env, wrap) => wrap(env), make(id as string, envOptions) as Env);
  return new SyncVectorEnv(new Array<() => Env>(numEnvs).fill(one), vector);
}

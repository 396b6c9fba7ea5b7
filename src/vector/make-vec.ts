import type { Env } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { checkOptionNames } from '../core/options.ts';
import { make } from '../envs/registry.ts';
import { SYNC_OPTIONS, SyncVectorEnv, type SyncVectorOptions } from './sync-vector-env.ts';

export interface MakeVecOptions extends SyncVectorOptions {
  /** Constructor options of every environment. */
  readonly envOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Wrapped around every environment, the first innermost. */
  readonly wrappers?: readonly ((env: Env) => Env)[] | undefined;
}

const MAKE_OPTIONS = { ...SYNC_OPTIONS, envOptions: true, wrappers: true } as const satisfies Record<
  keyof MakeVecOptions,
  true
>;

/** Makes an environment that no registry knows from its options. */
export type EnvMaker = (options: Readonly<Record<string, unknown>>) => Env;

/** One environment, by its id or by the function that makes it.
 * @throws UnknownNameError for an unknown id or option, OptionError for a value out of range. */
export function makeOne(source: string | EnvMaker, envOptions: Readonly<Record<string, unknown>> = {}): Env {
  if (typeof source === 'string') return make(source, envOptions) as Env;
  if (typeof source !== 'function')
    throw new OptionError('source', source, 'an id, or a function that makes an environment');
  return source(envOptions);
}

/**
 * Makes a vector of one environment (Gymnasium's `make_vec` in its mode `sync`); for those that step in threads see
 * `ThreadedVectorEnv` and `makeWorkerVectorEnv` in `bellman-rl/node`.
 * @param source id of a registered environment, or a function that makes one.
 * @throws UnknownNameError for an unknown id or option, OptionError for a value out of range.
 */
export function makeVec(source: string | EnvMaker, numEnvs: number, options: MakeVecOptions = {}): SyncVectorEnv {
  if (!Number.isSafeInteger(numEnvs) || numEnvs < 1) throw new OptionError('numEnvs', numEnvs, 'a positive integer');
  checkOptionNames(options, MAKE_OPTIONS);
  const { envOptions, wrappers = [], ...vector } = options;
  const one = (): Env => wrappers.reduce((env, wrap) => wrap(env), makeOne(source, envOptions));
  return new SyncVectorEnv(new Array<() => Env>(numEnvs).fill(one), vector);
}

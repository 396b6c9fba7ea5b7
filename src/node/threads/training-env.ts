import type { PreprocessingConfig } from '../../agents/preprocessing-config.ts';
import type { Env } from '../../core/env.ts';
import { makeFromKwargs } from '../../envs/registry.ts';
import { type Observation, wrapForDqn } from '../../train/preprocessing.ts';
import { useCartridgeFolder } from '../roms/cartridge-folder.ts';
import { importEnvironment } from '../runs/import-environment.ts';
import { ThreadedVectorEnv } from './threaded-vector-env.ts';

/** The environments of a run. Plain data. */
export interface RunEnv {
  /** With the module that registers it, where it has one. */
  readonly id: string;
  /** Constructor options, by Gymnasium's names. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly view: PreprocessingConfig;
}

/**
 * The environments of a run, in the wrappers that it asks for, shared out among threads.
 * @param threads the caller's included.
 * @throws what making or wrapping the environment throws.
 */
export function trainingEnvInThreads(
  run: RunEnv,
  environments: number,
  threads: number,
): ThreadedVectorEnv<Observation> {
  const source = { make: makeWrapped, module: import.meta.url, name: 'loadWrapped' };
  const envOptions: RunEnv & Readonly<Record<string, unknown>> = { ...run };
  return new ThreadedVectorEnv(source, environments, { envOptions, threads, autoresetMode: 'same-step' });
}

/** One of them. @param options RunEnv. */
function makeWrapped(options: Readonly<Record<string, unknown>>): Env {
  const { id, kwargs, view } = options as unknown as RunEnv;
  useCartridgeFolder();
  return wrapForDqn(makeFromKwargs(id, kwargs) as Env<unknown, number>, view) as Env;
}

/** The same in another thread, which has to load what registers the id.
 * @public Found by its name. */
export async function loadWrapped(options: Readonly<Record<string, unknown>>): Promise<Env> {
  await importEnvironment((options as unknown as RunEnv).id);
  return makeWrapped(options);
}

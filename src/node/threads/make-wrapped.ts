import type { PreprocessingConfig } from '../../agents/preprocessing-config.ts';
import type { Env } from '../../core/env.ts';
import { makeFromKwargs } from '../../envs/registry.ts';
import { type Observation, wrapForDqn } from '../../train/preprocessing.ts';
import type { VectorSource } from '../../vector/vector-share.ts';
import { useCartridgeFolder } from '../roms/cartridge-folder.ts';
import { importEnvironment } from '../runs/import-environment.ts';

/** The environments of a run. Plain data. */
export interface WrappedEnvOptions {
  readonly id: string;
  /** Constructor options, by Gymnasium's names. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly view: PreprocessingConfig;
}

/** An environment by its id, with the wrappers that a run asks for. */
export function makeWrapped(
  id: string,
  kwargs: Readonly<Record<string, unknown>>,
  view: PreprocessingConfig,
): Env<Observation, number> {
  useCartridgeFolder();
  return wrapForDqn(makeFromKwargs(id, kwargs) as Env<unknown, number>, view);
}

/** The same in another thread, which has to load what registers the id.
 * @param options WrappedEnvOptions. */
export async function loadWrapped(options: Readonly<Record<string, unknown>>): Promise<Env> {
  const { id, kwargs, view } = options as unknown as WrappedEnvOptions;
  await importEnvironment(id);
  return makeWrapped(id, kwargs, view) as Env;
}

/** For vectors in threads whose `envOptions` are WrappedEnvOptions. */
export const wrappedEnvs: VectorSource = {
  make: (options) => {
    const { id, kwargs, view } = options as unknown as WrappedEnvOptions;
    return makeWrapped(id, kwargs, view) as Env;
  },
  module: import.meta.url,
  name: 'loadWrapped',
};

import type { PreprocessingConfig } from '../../agents/preprocessing-config.ts';
import type { Env } from '../../core/env.ts';
import { makeFromKwargs } from '../../envs/registry.ts';
import { type Observation, wrapForDqn } from '../../train/preprocessing.ts';
import { useCartridgeFolder } from '../roms/cartridge-folder.ts';

/** An environment by its id, with the wrappers that a run asks for. */
export function makeWrapped(
  id: string,
  kwargs: Readonly<Record<string, unknown>>,
  view: PreprocessingConfig,
): Env<Observation, number> {
  useCartridgeFolder();
  return wrapForDqn(makeFromKwargs(id, kwargs) as Env<unknown, number>, view);
}

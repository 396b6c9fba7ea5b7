import { isRegistered, moduleOf } from '../../envs/registry.ts';
import { importModule } from './import-module.ts';

/**
 * Loads what registers an environment. For an id of the form `module:Name-v0`, as in Gymnasium, this is the module; for
 * another id that is not registered yet it is `bellman-rl/atari`.
 * @throws UnavailableError when the module does not load, or does not register the id.
 */
export async function importEnvironment(id: string): Promise<void> {
  if (moduleOf(id) !== undefined) await importModule('environment', id);
  else if (!isRegistered(id)) await import('../../atari/atari-family.ts');
}

import { moduleOf } from '../../envs/registry.ts';
import { importPackaged, namesPython } from '../../runs/run-host.ts';
import { importModule } from './import-module.ts';

export { namesPython };

/**
 * Loads what registers an environment. For an id of the form `module:Name-v0`, as in Gymnasium, this is the module; for
 * another id that is not registered yet it is `bellman-rl/atari`. For `python:` with an id of Gymnasium it starts Python,
 * which may import a module too: whoever calls this has to trust the id, as one that names code.
 * @throws UnknownNameError for a file without a name; UnavailableError when the module does not load, or does not register the id; for Python as `PythonEnv`.
 */
export async function importEnvironment(id: string): Promise<void> {
  if (namesPython(id)) {
    const { registerPython } = await import('../python/python-family.ts');
    registerPython(id);
  } else {
    await importModule('environment', id);
    if (moduleOf(id) === undefined) await importPackaged(id);
  }
}

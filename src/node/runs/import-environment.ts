import { importModule } from './import-module.ts';

/**
 * Loads the module of an id of the form `module:Name-v0`, as in Gymnasium. Ids without a module need none.
 * @throws UnavailableError when it does not load, or does not register the id.
 */
export const importEnvironment = (id: string): Promise<void> => importModule('environment', id);

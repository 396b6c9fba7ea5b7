import { namesRecipeFile, type RunHost } from '../../runs/run-host.ts';
import { checkCode } from './code-mark.ts';
import { importEnvironment } from './import-environment.ts';
import { importModule } from './import-module.ts';

/** Node, as runs know it: modules are loaded by their names, code from elsewhere only where it may. */
export const nodeHost: RunHost = {
  importEnvironment,
  importModule,
  checkCode,
  async settledDevice(name) {
    const { settledDevice } = await import('../onnxruntime/devices.ts');
    return settledDevice(name);
  },
  async recipeFile(name) {
    if (!namesRecipeFile(name)) return undefined;
    const { readRecipeFile } = await import('./recipe-file.ts');
    return readRecipeFile(name);
  },
};

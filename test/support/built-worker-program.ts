/** Stands for src/node/threads/worker-program.ts in tests (vitest.config.ts): threads run the program of program.ts. */
import { workerProgram as fromSources, type WorkerProgram } from '../../src/node/threads/worker-program.ts';
import { isBuilt, moduleUrl } from './program.ts';

let compiles = !isBuilt;

export function workerProgram(name: string): WorkerProgram {
  return compiles ? fromSources(name) : { file: new URL(moduleUrl(`src/node/${name}.ts`)) };
}

/** Makes something whose threads import modules in TypeScript: they run from the sources. */
export function compiled<T>(make: () => T): T {
  compiles = true;
  try {
    return make();
  } finally {
    compiles = !isBuilt;
  }
}

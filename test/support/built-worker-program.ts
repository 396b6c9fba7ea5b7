/** Stands for src/node/threads/worker-program.ts in tests (vitest.config.ts): threads run the program of program.ts. */
import { workerProgram as fromSources, type WorkerProgram } from '../../src/node/threads/worker-program.ts';
import { isBuilt, moduleUrl } from './program.ts';

/** Its threads import the modules of a test's environments, which are TypeScript. */
const COMPILES = 'threads/vector-worker';

export const workerProgram = (name: string): WorkerProgram =>
  isBuilt && name !== COMPILES ? { file: new URL(moduleUrl(`src/node/${name}.ts`)) } : fromSources(name);

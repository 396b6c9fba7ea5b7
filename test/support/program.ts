/**
 * The program as tests start it: what is built, where that is of the sources as they are, as `npm ci` leaves it; else the
 * sources, which tsx compiles at every start, and that takes four times as long.
 */
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inject } from 'vitest';

const root = new URL('../../', import.meta.url);
export const isBuilt: boolean = inject('isBuilt');

/** Where that program has a module, for programs that share its classes and registries.
 * @param path of the source, such as `src/index.ts`. */
export const moduleUrl = (path: string): string =>
  new URL(isBuilt ? path.replace(/^src\//, 'dist/').replace(/\.ts$/, '.js') : path, root).href;

/** What Node needs to run a file that uses such modules. */
export const nodeOptions = (file: string): readonly string[] =>
  isBuilt && !/\.m?ts$/.test(file)
    ? []
    : ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];

const main = fileURLToPath(moduleUrl('src/cli/main.ts'));
/** Node's arguments that start `bellman`. */
export const program: readonly string[] = [...nodeOptions(main), main];

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What a thread of this package runs. */
export interface WorkerProgram {
  readonly file: URL;
  /** A module's text that loads the file, where something has to compile it first. */
  readonly loader?: string;
}

/** @param name file below `src/node`, without its ending: `threads/vector-worker`. It may be missing. */
export function workerProgram(name: string): WorkerProgram {
  if (!import.meta.url.endsWith('.ts')) return { file: new URL(`../${name}.js`, import.meta.url) };
  // From the sources: a thread does not inherit what compiles them, so it starts with that.
  const file = new URL(`../${name}.ts`, import.meta.url);
  // By its place, since the thread's own folder may be anywhere; `resolve` names the form for require().
  const tsx = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/cjs$/, 'mjs');
  const compiler = JSON.stringify(pathToFileURL(tsx).href);
  return {
    file,
    loader: `import(${compiler}).then(({ register }) => { register(); return import(${JSON.stringify(file)}); })`,
  };
}

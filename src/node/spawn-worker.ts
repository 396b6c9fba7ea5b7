import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a module of this package in a thread.
 * @param name file beside this one, without its ending.
 */
export function spawnWorker(name: string, options: WorkerOptions): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, import.meta.url), options);
  // From the sources: a thread does not inherit what compiles them, so it starts with that.
  const url = JSON.stringify(new URL(`./${name}.ts`, import.meta.url));
  // By its place, since the thread's own folder may be anywhere; `resolve` names the form for require().
  const tsx = JSON.stringify(
    pathToFileURL(
      createRequire(import.meta.url)
        .resolve('tsx/esm/api')
        .replace(/cjs$/, 'mjs'),
    ).href,
  );
  const start = `import(${tsx}).then(({ register }) => { register(); return import(${url}); })`;
  return new Worker(start, { ...options, eval: true });
}

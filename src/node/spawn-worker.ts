import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a module of this package in a thread.
 * @param name file beside this one, without its ending.
 */
export function spawnWorker(name: string, options: WorkerOptions): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, import.meta.url), options);
  // From the sources: a thread does not inherit what compiles them, so it starts with that.
  const url = JSON.stringify(new URL(`./${name}.ts`, import.meta.url));
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${url}); })`;
  return new Worker(start, { ...options, eval: true });
}

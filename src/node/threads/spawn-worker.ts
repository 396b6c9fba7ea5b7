import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type MessagePort, Worker, type WorkerOptions } from 'node:worker_threads';
import { UnavailableError } from '../../core/errors.ts';
import { switchOffTelemetry } from '../onnxruntime/telemetry.ts';
import { Lifeline } from './lifeline.ts';

/** A thread that talks through shared memory, to an owner that blocks. */
export interface StartedThread {
  /** Does not keep the process alive once `unref` is called. */
  readonly worker: Worker;
  readonly lifeline: Lifeline;
  /** Why it failed, as far as events have told. */
  readonly failure: () => Error | undefined;
}

/**
 * Starts a module of this package in a thread that is given a lifeline. Its failures are no uncaught errors.
 * @throws UnavailableError as `spawnWorker`.
 */
export function startThread(
  name: string,
  workerData: object,
  transferList: readonly MessagePort[] = [],
): StartedThread {
  const lifeline = new Lifeline();
  const worker = spawnWorker(name, {
    workerData: { ...workerData, lifeline: lifeline.farEnd },
    transferList: [...transferList, lifeline.farEnd],
  });
  let failure: Error | undefined;
  worker.on('error', (error) => {
    failure ??= error;
  });
  return { worker, lifeline, failure: () => failure };
}

/**
 * Starts a module of this package in a thread.
 * @param name file below `src/node`, without its ending: `threads/vector-worker`.
 * @throws UnavailableError when there is no such file, as in a program that a bundler put into one file.
 */
export function spawnWorker(name: string, options: WorkerOptions): Worker {
  const fromSources = import.meta.url.endsWith('.ts');
  const file = new URL(`../${name}.${fromSources ? 'ts' : 'js'}`, import.meta.url);
  // A thread reports it too, but only to a caller that does not block while it waits.
  if (!existsSync(file)) {
    const cure = 'is missing. Keep bellman out of the bundle (esbuild: --external:bellman-rl).';
    throw new UnavailableError(`The program of a thread, ${fileURLToPath(file)},`, cure);
  }
  switchOffTelemetry(); // the thread may be the first to open a session
  if (!fromSources) return new Worker(file, options);
  // From the sources: a thread does not inherit what compiles them, so it starts with that.
  const url = JSON.stringify(file);
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

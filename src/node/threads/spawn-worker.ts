import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type MessagePort, Worker, type WorkerOptions } from 'node:worker_threads';
import { UnavailableError } from '../../core/errors.ts';
import { switchOffTelemetry } from '../onnxruntime/telemetry.ts';
import { Lifeline } from './lifeline.ts';
import { workerProgram } from './worker-program.ts';

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
  const { file, loader } = workerProgram(name);
  // A thread reports it too, but only to a caller that does not block while it waits.
  if (!existsSync(file)) {
    const cure = 'is missing. Keep bellman out of the bundle (esbuild: --external:bellman-rl).';
    throw new UnavailableError(`The program of a thread, ${fileURLToPath(file)},`, cure);
  }
  switchOffTelemetry(); // the thread may be the first to open a session
  return loader === undefined ? new Worker(file, options) : new Worker(loader, { ...options, eval: true });
}

import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { UnavailableError } from '../../core/errors.ts';
import { makeOne } from '../../vector/make-vec.ts';
import { checkSharedOptions, checkShares } from '../../vector/shared-vector-env.ts';
import type { VectorPort } from '../../vector/vector-port.ts';
import type { VectorSource } from '../../vector/vector-share.ts';
import { WorkerVectorEnv, type WorkerVectorOptions } from '../../vector/worker-vector-env.ts';
import { spawnWorker } from './spawn-worker.ts';

export interface WorkerVectorNodeOptions extends WorkerVectorOptions {
  /** Threads. Default: as many as the machine runs at once, at most one for each environment. */
  readonly threads?: number | undefined;
}

/**
 * A vector of one environment that steps in threads (Gymnasium's `make_vec` in its mode `async`); calls answer later, and the
 * caller's thread stays free. `close()` ends the threads; they do not keep the process alive.
 *
 *     makeWorkerVectorEnv('CartPole-v1', 8)
 *     makeWorkerVectorEnv({ make: makeMaze, module: new URL('./maze.js', import.meta.url).href }, 8)
 *
 * @param source id of a registered environment, or a function of a module that threads can import.
 * @throws UnknownNameError for an unknown id or option, OptionError for a value out of range.
 */
export function makeWorkerVectorEnv(
  source: VectorSource,
  numEnvs: number,
  options: WorkerVectorNodeOptions = {},
): WorkerVectorEnv {
  checkSharedOptions(options, { threads: true });
  const { threads = Math.max(1, Math.min(availableParallelism(), numEnvs)), ...rest } = options;
  // Wrong ids and options are refused before a thread starts.
  checkShares(numEnvs, threads, 'threads');
  makeOne(typeof source === 'string' ? source : source.make, options.envOptions).close();
  const workers = Array.from({ length: threads }, () => spawnWorker('threads/vector-worker', {}));
  return new WorkerVectorEnv(source, numEnvs, workers.map(portOf), rest);
}

function portOf(worker: Worker): VectorPort {
  worker.unref();
  return {
    postMessage: (message) => {
      // While an answer is due the thread keeps the process alive.
      worker.ref();
      worker.postMessage(message);
    },
    onMessage: (handler) =>
      worker.on('message', (message) => {
        worker.unref();
        handler(message);
      }),
    onEnd: (handler) => {
      worker.on('error', (error) => handler(error));
      worker.on('exit', (code) =>
        handler(new UnavailableError('A thread of the vector environment', `ended with code ${code}.`)),
      );
    },
    end: () => void worker.terminate(),
  };
}

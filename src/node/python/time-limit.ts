import type { Worker } from 'node:worker_threads';
import { OptionError } from '../../core/errors.ts';
import { spawnWorker } from '../threads/spawn-worker.ts';

/** Cells that the asking thread and the one with the clock share: calls begun and ended (odd while one runs), whether the
 * process was ended for being late, whether it is gone. */
export const CALLS = 0;
export const LATE = 1;
export const GONE = 2;

/** A process to watch. Plain data. */
export interface Watched {
  readonly pid: number;
  readonly cells: Int32Array<SharedArrayBuffer>;
  /** Seconds that an answer may take. */
  readonly limit: number;
}

/** Seconds: long enough for imports of large packages, short enough that nobody waits for an hour. */
const DEFAULT_LIMIT = 120;

/** Seconds that Python may take for an answer: BELLMAN_PYTHON_TIMEOUT; Infinity for 0.
 * @throws OptionError when that is no number from 0 up. */
export function pythonTimeLimit(environment: Readonly<Record<string, string | undefined>> = process.env): number {
  const text = environment['BELLMAN_PYTHON_TIMEOUT'];
  if (text === undefined || text === '') return DEFAULT_LIMIT;
  const seconds = Number(text);
  if (!(seconds >= 0)) throw new OptionError('BELLMAN_PYTHON_TIMEOUT', text, 'seconds, or 0 for no limit');
  return seconds === 0 ? Number.POSITIVE_INFINITY : seconds;
}

let clock: Worker | undefined;

/** Has a process ended when it takes too long to answer. */
export function watch(watched: Watched): void {
  if (clock === undefined) {
    clock = spawnWorker('python/time-limit-worker', {});
    clock.unref();
  }
  clock.postMessage(watched);
}

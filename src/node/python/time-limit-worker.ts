/**
 * Ends Python processes that take too long to answer. The thread that asks them blocks until they do, so another one
 * looks at the clock.
 */
import { parentPort } from 'node:worker_threads';
import { CALLS, GONE, LATE, type Watched } from './time-limit.ts';

/** Milliseconds between two looks. */
const PERIOD = 200;
/** Milliseconds in which Python writes down where it hangs. */
const LAST_WORDS = 300;

if (parentPort !== null) {
  const all = new Map<number, { readonly watched: Watched; calls: number; since: number }>();
  parentPort.on('message', (watched: Watched) => all.set(watched.pid, { watched, calls: -1, since: 0 }));
  setInterval(() => {
    const now = performance.now();
    for (const [pid, entry] of all) {
      const { cells, limit } = entry.watched;
      const calls = Atomics.load(cells, CALLS);
      if (Atomics.load(cells, GONE) === 1) all.delete(pid);
      else if (calls !== entry.calls) Object.assign(entry, { calls, since: now });
      else if (calls % 2 === 1 && now - entry.since > limit * 1000) {
        all.delete(pid);
        Atomics.store(cells, LATE, 1);
        end(pid);
      }
    }
  }, PERIOD);
}

function end(pid: number): void {
  const kill = (signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself.
    }
  };
  kill('SIGUSR1');
  setTimeout(() => kill('SIGKILL'), LAST_WORDS);
}

import { startWorker } from './start-worker.ts';

/** Starts the worker of a training. */
export function openTrainingWorker(): Worker {
  // By way of a name: an address that a bundler does not take for another file to bring.
  const own = import.meta.url;
  return startWorker(
    new URL('./training-worker.js', own),
    // Bundlers read the options from this text: no constant stands for a part of them.
    () => new Worker(new URL('./training-worker.js', import.meta.url), { type: 'module', name: 'bellman-training' }),
    'bellman-training',
  );
}

/** Starts the worker of a training. Bundlers know this form, and take the worker along as a file of its own. */
export function openTrainingWorker(): Worker {
  const own = import.meta.url;
  const address = new URL('./training-worker.js', own);
  // Scripts of another origin start no workers, but one of this origin may import them.
  if (/^https?:$/.test(address.protocol) && address.origin !== globalThis.location.origin)
    return fromElsewhere(address.href);
  return new Worker(new URL('./training-worker.js', import.meta.url), { type: 'module', name: 'bellman-training' });
}

function fromElsewhere(address: string): Worker {
  const blob = new Blob([`import ${JSON.stringify(address)};`], { type: 'text/javascript' });
  const url = URL.createObjectURL(blob);
  const worker = new Worker(url, { type: 'module', name: 'bellman-training' });
  // By its first message it has read the blob.
  worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true });
  return worker;
}

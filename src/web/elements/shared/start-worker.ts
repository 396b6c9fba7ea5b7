/**
 * Starts a module as a worker, also where the elements' scripts come from another origin than the page, which browsers refuse
 * as a worker: there a module of the page's own that imports it is the worker.
 * @param address of the module, such as `new URL('./training-worker.js', import.meta.url)`.
 */
export function startWorker(address: URL): Worker {
  if (address.origin === location.origin) return new Worker(address, { type: 'module' });
  const blob = new Blob([`import ${JSON.stringify(address.href)};`], { type: 'text/javascript' });
  const local = URL.createObjectURL(blob);
  const worker = new Worker(local, { type: 'module' });
  // The address is read when the worker starts, which its first message or error shows.
  const forget = (): void => URL.revokeObjectURL(local);
  worker.addEventListener('message', forget, { once: true });
  worker.addEventListener('error', forget, { once: true });
  return worker;
}

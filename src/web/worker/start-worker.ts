/**
 * Starts a module as a worker, also where the scripts come from another origin than the page, which browsers refuse as a worker:
 * there a module of the page's own that imports it is the worker.
 * @param address of the module.
 * @param start what starts it, written out as `new Worker(new URL('./lake-worker.js', import.meta.url), { type: 'module' })`:
 * bundlers know this form, and take the worker along as a file of its own.
 * @param name of the worker, in the browser's tools.
 */
export function startWorker(address: URL, start: () => Worker, name = ''): Worker {
  if (!/^https?:$/.test(address.protocol) || address.origin === location.origin) return start();
  const blob = new Blob([`import ${JSON.stringify(address.href)};`], { type: 'text/javascript' });
  const local = URL.createObjectURL(blob);
  const worker = new Worker(local, { type: 'module', name });
  // The address is read when the worker starts, which its first message or error shows.
  const forget = (): void => URL.revokeObjectURL(local);
  worker.addEventListener('message', forget, { once: true });
  worker.addEventListener('error', forget, { once: true });
  return worker;
}

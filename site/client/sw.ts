/**
 * Pages without a network: what `offline.json` lists is fetched at the first visit, and anything else of this site, such as
 * onnxruntime-web's program, when it is asked for. A new version of the site replaces the whole.
 */
interface Extendable extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', handle: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', handle: (event: Fetching) => void): void;
}
const scope = globalThis as unknown as Scope;
const PREFIX = `bellman ${scope.registration.scope} `;

async function install(): Promise<void> {
  const { version, files } = (await (await fetch('offline.json', { cache: 'no-store' })).json()) as {
    readonly version: string;
    readonly files: readonly string[];
  };
  const cache = await caches.open(PREFIX + version);
  await cache.addAll(files.map((file) => new Request(file, { cache: 'no-cache' })));
  await scope.skipWaiting();
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== PREFIX + version);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function answer(request: Request): Promise<Response> {
  const own = (await caches.keys()).find((name) => name.startsWith(PREFIX));
  const cache = own === undefined ? undefined : await caches.open(own);
  const folder = request.url.replace(/[?#].*$/, '').endsWith('/');
  const cached = await cache?.match(folder ? new URL('index.html', request.url).href : request, { ignoreSearch: true });
  if (cached !== undefined) return cached;
  const fresh = await fetch(request);
  if (fresh.ok && fresh.status === 200) await cache?.put(request, fresh.clone());
  return fresh;
}

scope.addEventListener('install', (event) => event.waitUntil(install()));
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && request.url.startsWith(scope.registration.scope)) event.respondWith(answer(request));
});

/** Cartridges that the reader asked this browser to keep: IndexedDB of the page's own origin, by ALE's name of the game. */
const DATABASE = 'bellman-arcade';
const STORE = 'cartridges';

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return done(request);
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser keeps nothing for this page.'));
  });

/** Resolves when the browser has done it for good: a page may go at once. */
async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(STORE, mode);
    const complete = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('The browser gave it up.'));
    });
    const [result] = await Promise.all([done(act(transaction.objectStore(STORE))), complete]);
    return result;
  } finally {
    database.close();
  }
}

/** All that are kept, by game; none where the browser keeps nothing. */
export async function keptCartridges(): Promise<ReadonlyMap<string, Uint8Array>> {
  try {
    const [games, bytes] = [
      await inStore('readonly', (store) => store.getAllKeys()),
      await inStore('readonly', (store) => store.getAll() as IDBRequest<Uint8Array[]>),
    ];
    return new Map(games.map((game, i) => [String(game), bytes[i]]));
  } catch {
    return new Map();
  }
}

/** @throws DOMException when the browser keeps nothing for this page. */
export async function keepCartridge(game: string, bytes: Uint8Array): Promise<void> {
  await inStore('readwrite', (store) => store.put(bytes, game));
}

export async function forgetCartridges(): Promise<void> {
  await inStore('readwrite', (store) => store.clear());
}

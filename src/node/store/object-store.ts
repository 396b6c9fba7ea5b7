import { UnavailableError } from '../../core/errors.ts';

/** Where workers of many machines keep runs: files by key, each there whole or not at all. */
export interface ObjectStore {
  /** For people; nothing secret. */
  readonly shown: string;
  /** Puts a file's content, in place of what is there. @throws WriteError */
  putFile(key: string, path: string): Promise<void>;
  /** @throws WriteError */
  put(key: string, content: string): Promise<void>;
  /** Puts it only where there is nothing. @returns whether it did. @throws WriteError */
  create(key: string, content: string): Promise<boolean>;
  /** Undefined where there is none. @throws FileFormatError when it may not be read. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Copies it to a new file. @returns whether it is there. */
  getFile(key: string, path: string): Promise<boolean>;
  /** All keys that begin so, in order. @param prefix ends with a slash. */
  list(prefix: string): Promise<string[]>;
  /** A missing one is fine. */
  remove(key: string): Promise<void>;
}

/**
 * Makes sure that a store takes, gives and forgets, and creates a key once: claims rest on that, and services that pass over
 * S3's `If-None-Match` would give two workers the same one.
 * @throws UnavailableError, WriteError of one line where it does not.
 */
export async function checkStore(store: ObjectStore, mark: string): Promise<void> {
  const key = `.check/${mark}`;
  await store.remove(key);
  const made = [await store.create(key, mark), await store.create(key, mark)];
  const back = await store.get(key);
  if (back === undefined || new TextDecoder().decode(back) !== mark) {
    throw new UnavailableError(
      `--store ${store.shown}: it does not give back what was put there.`,
      'Use another store.',
    );
  }
  await store.list('.check/');
  await store.remove(key);
  if (!made[0] || made[1]) {
    throw new UnavailableError(
      `--store ${store.shown}: it writes over what it is asked to create once (If-None-Match), so two workers could have one training.`,
      'Use another store.',
    );
  }
}

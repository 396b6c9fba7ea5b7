/** Checkpoints, models and whatever else a page wants to find again: files of its own, which no other site sees. */
import { FileFormatError, OptionError, UnavailableError, WriteError } from '../../core/errors.ts';

export interface StoredFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** Files by their names. */
export interface CheckpointStore {
  /** Stores a file; one of the same name stays as it was until the new one is whole. @throws WriteError where there is no room. */
  put(name: string, content: Uint8Array): Promise<void>;
  /** @throws FileFormatError when there is none of that name. */
  get(name: string): Promise<Uint8Array>;
  /** All of them, newest first. */
  list(): Promise<StoredFile[]>;
  /** Does nothing where there is none. */
  remove(name: string): Promise<void>;
}

/**
 * Opens a folder of the page's origin (the "origin private file system"), in a page or a worker. The browser may clear it when
 * disk space is short, unless `navigator.storage.persist()` was granted.
 * @param folder the folder's name.
 * @throws UnavailableError where the browser has none: in pages without https, and in some private windows.
 */
export async function openCheckpointStore(folder = 'bellman'): Promise<CheckpointStore> {
  checkName('folder', folder);
  const files = await openFolder(folder);
  return {
    async put(name, content) {
      checkName('name', name);
      try {
        const file = await files.getFileHandle(name, { create: true });
        // What is written takes the file's place at `close`.
        const writable = await file.createWritable();
        try {
          await writable.write(content as Uint8Array<ArrayBuffer>);
        } catch (error) {
          await writable.abort();
          throw error;
        }
        await writable.close();
      } catch (cause) {
        await removeEmpty(files, name);
        throw new WriteError(name, reasonOf(cause), { cause });
      }
    },
    async get(name) {
      checkName('name', name);
      let file: File;
      try {
        file = await (await files.getFileHandle(name)).getFile();
      } catch (cause) {
        const known = (await listOf(files)).map((stored) => stored.name).slice(0, 8);
        const cure = known.length === 0 ? 'Nothing is stored yet.' : `Stored are: ${known.join(', ')}.`;
        throw new FileFormatError(name, 'no such file', cure, { cause });
      }
      return new Uint8Array(await file.arrayBuffer());
    },
    list: () => listOf(files),
    async remove(name) {
      checkName('name', name);
      try {
        await files.removeEntry(name);
      } catch (error) {
        if ((error as Error).name !== 'NotFoundError') throw new WriteError(name, reasonOf(error), { cause: error });
      }
    },
  };
}

async function openFolder(name: string): Promise<FileSystemDirectoryHandle> {
  const storage = globalThis.navigator?.storage as StorageManager | undefined;
  try {
    if (storage?.getDirectory === undefined) throw new Error('there is no navigator.storage.getDirectory');
    return await (await storage.getDirectory()).getDirectoryHandle(name, { create: true });
  } catch (cause) {
    throw new UnavailableError(
      `This browser stores no files for this page: ${reasonOf(cause)}.`,
      'Pages need https or localhost for it; offer the checkpoint as a download.',
      { cause },
    );
  }
}

async function listOf(files: FileSystemDirectoryHandle): Promise<StoredFile[]> {
  const found: StoredFile[] = [];
  // Its types are of a library that this project does not compile with.
  const entries = files as unknown as { values(): AsyncIterable<FileSystemHandle> };
  for await (const entry of entries.values()) {
    if (entry.kind !== 'file') continue;
    const { name, size, lastModified: modified } = await (entry as FileSystemFileHandle).getFile();
    // A put that failed or is under way.
    if (size > 0) found.push({ name, size, modified });
  }
  return found.sort((a, b) => b.modified - a.modified || (a.name < b.name ? -1 : 1));
}

/** A file that was made for what could not be written. */
async function removeEmpty(files: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    const { size } = await (await files.getFileHandle(name)).getFile();
    if (size === 0) await files.removeEntry(name);
  } catch {
    // The first failure says more.
  }
}

function checkName(what: string, name: string): void {
  if (typeof name !== 'string' || !/^[\w][\w. -]{0,99}$/.test(name))
    throw new OptionError(what, name, 'a name of letters, digits, dots, hyphens and spaces, up to 100');
}

const reasonOf = (cause: unknown): string => (cause as Error).message.replace(/\.$/, '');

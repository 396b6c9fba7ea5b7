import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { kindOf, listFolder, makeFolder, removePath } from '../files/folder.ts';
import { isLocked, RunLock } from '../runs/run-lock.ts';

/** Marks a folder that is not swept away. */
const KEPT = '.kept';
/** Milliseconds between looks at the lock. */
const REFRESH_MS = 10_000;

/** Where a worker has the runs that it works on. What killed workers left there is removed: the store has all that counts. */
export class WorkFolder {
  readonly path: string;
  readonly #lock: RunLock;
  readonly #refresh: NodeJS.Timeout;

  private constructor(path: string, lock: RunLock) {
    this.path = path;
    this.#lock = lock;
    this.#refresh = setInterval(() => lock.refresh(), REFRESH_MS).unref();
  }

  /** @param root of the folders of all workers of this machine. */
  static make(root: string, name: string): WorkFolder {
    for (const other of listFolder(root)) {
      const path = join(root, other);
      if (kindOf(join(path, KEPT)) === undefined && !isLocked(path)) removePath(path);
    }
    const path = join(root, name);
    makeFolder(path);
    return new WorkFolder(path, RunLock.acquire(path));
  }

  /** Leaves it to people, who were told what is in it. */
  leave(): void {
    writeFileAtomic(join(this.path, KEPT), '');
    this.#end();
  }

  remove(): void {
    this.#end();
    removePath(this.path);
  }

  #end(): void {
    clearInterval(this.#refresh);
    this.#lock.release();
  }
}

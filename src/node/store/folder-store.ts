import * as fs from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { errorCode, readFileChecked, temporaryPath, toWriteError, writeFileAtomic } from '../files/atomic-file.ts';
import { kindOf, listFolder, makeFolder, removePath } from '../files/folder.ts';
import type { ObjectStore } from './object-store.ts';

/** A folder that machines share: on one machine, or a network's file system. */
export class FolderStore implements ObjectStore {
  readonly shown: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.shown = folder;
    this.#folder = folder;
  }

  async putFile(key: string, path: string): Promise<void> {
    await this.#appear(key, (to, temporary) => {
      fs.copyFileSync(path, temporary);
      syncFile(temporary);
      fs.renameSync(temporary, to);
    });
  }

  async put(key: string, content: string): Promise<void> {
    await this.#appear(key, (to) => writeFileAtomic(to, content));
  }

  async create(key: string, content: string): Promise<boolean> {
    let made = false;
    await this.#appear(key, (to, temporary) => {
      fs.writeFileSync(temporary, content);
      syncFile(temporary);
      made = linkNew(temporary, to);
    });
    return made;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const path = this.#path(key);
    return kindOf(path) === undefined ? undefined : readFileChecked(path);
  }

  async getFile(key: string, path: string): Promise<boolean> {
    try {
      fs.copyFileSync(this.#path(key), path);
      return true;
    } catch (error) {
      if (errorCode(error) === 'ENOENT' && kindOf(dirname(path)) === 'folder') return false;
      throw toWriteError(path, error);
    }
  }

  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    const walk = (folder: string): void => {
      for (const name of listFolder(folder)) {
        const path = join(folder, name);
        if (kindOf(path) === 'folder') walk(path);
        else if (!name.endsWith('.tmp')) keys.push(relative(this.#folder, path).split(sep).join('/'));
      }
    };
    walk(this.#path(prefix));
    return keys.sort();
  }

  async remove(key: string): Promise<void> {
    removePath(this.#path(key));
  }

  #path(key: string): string {
    return join(this.#folder, ...key.split('/'));
  }

  /** Makes the folder of a key, and leaves nothing unfinished there. */
  async #appear(key: string, write: (path: string, temporary: string) => void): Promise<void> {
    const path = this.#path(key);
    makeFolder(dirname(path));
    const temporary = temporaryPath(path);
    try {
      write(path, temporary);
    } catch (error) {
      throw toWriteError(path, error);
    } finally {
      fs.rmSync(temporary, { force: true });
    }
  }
}

function syncFile(path: string): void {
  const fd = fs.openSync(path, 'r+');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** @returns false where the name is taken. */
function linkNew(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    // A file system without hard links: a copy refuses what exists too.
    try {
      fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL);
      return true;
    } catch (second) {
      if (errorCode(second) === 'EEXIST') return false;
      throw second;
    }
  }
}

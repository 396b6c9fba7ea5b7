import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, toReadError, toWriteError } from './atomic-file.ts';

/** Names in a folder; none when there is no such folder. */
export function listFolder(path: string): string[] {
  try {
    return fs.readdirSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return [];
    throw toReadError(path, error);
  }
}

/**
 * Makes a folder and its parents; one that exists is fine.
 * @throws WriteError when the system refuses. (Node's own `recursive` calls a read-only disk a missing folder.)
 */
export function makeFolder(path: string): void {
  if (kindOf(path) === 'folder') return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    fs.mkdirSync(path);
  } catch (error) {
    if (kindOf(path) !== 'folder') throw toWriteError(path, error);
  }
}

/**
 * Removes a file or a folder with all that is in it; a missing one is fine.
 * @throws WriteError when the system refuses.
 */
export function removePath(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw toWriteError(path, error);
  }
}

/** @throws WriteError when the system refuses. */
export function renamePath(path: string, to: string): void {
  try {
    fs.renameSync(path, to);
  } catch (error) {
    throw toWriteError(path, error);
  }
}

/** What a path is; `undefined` when there is nothing. */
export function kindOf(path: string): 'folder' | 'file' | undefined {
  try {
    const entry = fs.statSync(path, { throwIfNoEntry: false });
    return entry === undefined ? undefined : entry.isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (errorCode(error) === 'ENOTDIR') return undefined; // below a file
    throw toReadError(path, error);
  }
}

/** The file that a link leads to, so that it has one name; any other path as it is, and a link that leads nowhere. */
export function linkedFile(path: string): string {
  const entry = fs.lstatSync(path, { throwIfNoEntry: false });
  return entry?.isSymbolicLink() === true && kindOf(path) !== undefined ? fs.realpathSync(path) : path;
}

import * as nodeFs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FileFormatError, WriteError } from '../../core/errors.ts';

/** The calls of `node:fs` that writing uses, so that a test can make one fail. */
export type FileSystem = Pick<
  typeof nodeFs,
  'openSync' | 'writeSync' | 'fsyncSync' | 'closeSync' | 'renameSync' | 'rmSync' | 'ftruncateSync'
>;

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'a part of the path is no folder',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'a folder has that name',
  EFBIG: 'the file is too large for the file system',
  EMFILE: 'too many open files',
  EIO: 'the disk reported an error',
};

/** Turns an error of the operating system into a `WriteError` of one line; anything else is returned as it is. */
export function toWriteError(path: string, error: unknown): unknown {
  const code = errorCode(error);
  return code === undefined
    ? error
    : new WriteError(path, PROBLEMS[code] ?? `the system says ${code}`, { cause: error });
}

/** The system's name of an error (`ENOENT`); undefined for errors that are not the operating system's. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return String(error.code);
}

/** Names that `writeFileAtomic` and `createRun` give to what is not finished. */
export const isTemporaryName = (name: string): boolean => name.startsWith('.') && name.endsWith('.tmp');

/** A name next to `path` for its unfinished content; different in each process. */
export const temporaryPath = (path: string): string => join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);

/**
 * Writes a whole file or nothing: the content goes to a temporary name in the same folder, is forced to the disk, and
 * then takes the name. Whoever reads `path`, also after a crash or power loss, sees the old content or the new.
 * @param durable false leaves it to the system when the content reaches the disk: for what is written often and missed little.
 *   A power loss may then leave an empty file.
 * @throws WriteError when the system refuses; the temporary file is removed and the old content stays.
 */
export function writeFileAtomic(
  path: string,
  content: string | Uint8Array | readonly Uint8Array[],
  fs: FileSystem = nodeFs,
  durable = true,
): void {
  const pieces =
    typeof content === 'string' ? [Buffer.from(content)] : content instanceof Uint8Array ? [content] : content;
  const temporary = temporaryPath(path);
  let created = false;
  try {
    const fd = openNew(temporary, fs);
    created = true;
    try {
      for (const piece of pieces) writeAll(fd, piece, fs);
      if (durable) fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(temporary, path);
    created = false;
    if (durable) syncFolder(dirname(path), fs);
  } catch (error) {
    if (created) {
      try {
        fs.rmSync(temporary, { force: true });
      } catch {
        // The first error is the one to report; a temporary file left over is removed when the run is next opened.
      }
    }
    throw toWriteError(path, error);
  }
}

/** Makes a file. What has its name, which a killed program or anyone may have put there, is removed: a link is not followed. */
function openNew(path: string, fs: FileSystem): number {
  try {
    return fs.openSync(path, 'wx');
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    fs.rmSync(path, { force: true });
    return fs.openSync(path, 'wx');
  }
}

/** One `write` takes at most 2 GiB on Linux; smaller pieces also keep the kernel's write-back even. */
const WRITE_CHUNK = 64 * 1024 * 1024;

/** Writes all of `bytes` at the file's position, however the system splits it. */
export function writeAll(fd: number, bytes: Uint8Array, fs: FileSystem = nodeFs): void {
  let offset = 0;
  while (offset < bytes.length) {
    offset += fs.writeSync(fd, bytes, offset, Math.min(WRITE_CHUNK, bytes.length - offset));
  }
}

/** Forces renames in a folder to the disk, where the system can (Windows cannot open a folder). */
export function syncFolder(path: string, fs: FileSystem = nodeFs): void {
  let fd: number;
  try {
    fd = fs.openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fs.fsyncSync(fd);
  } catch (error) {
    // Some file systems refuse to sync a folder; the rename itself has happened.
    if (!['EINVAL', 'EPERM', 'ENOTSUP', 'EISDIR'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    fs.closeSync(fd);
  }
}

/** Most bytes of one file that are read into memory at once: Node's own limit. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * Reads a whole file.
 * @param limit bytes; a longer one is refused unread.
 * @throws FileFormatError when it is missing, no file (a pipe or a device, which may never end), too long, or may not be read.
 */
export function readFileChecked(path: string, cure = 'Check the path.', limit = MOST_BYTES): Buffer {
  try {
    const entry = nodeFs.statSync(path);
    if (!entry.isFile() && !entry.isDirectory()) throw noFile(path, cure);
    if (entry.size > limit) {
      throw new FileFormatError(path, `${entry.size} bytes are too many`, `At most ${limit} are read.`);
    }
    return nodeFs.readFileSync(path);
  } catch (error) {
    throw toReadError(path, error, cure);
  }
}

/** A text that people wrote, without the mark that some editors put before it. Otherwise as `readFileChecked`. */
export const readText = (path: string, cure?: string, limit?: number): string =>
  readFileChecked(path, cure, limit)
    .toString('utf8')
    .replace(/^\uFEFF/, '');

/** For a pipe or a device, which may never end. */
export const noFile = (path: string, cure = 'Check the path.'): FileFormatError =>
  new FileFormatError(path, 'a pipe or a device, not a file', cure);

/** Turns an error of the operating system while reading into a `FileFormatError`; anything else is returned as it is. */
export function toReadError(path: string, error: unknown, cure = 'Check the path.'): unknown {
  const code = errorCode(error) ?? (error instanceof RangeError ? 'ERR_FS_FILE_TOO_LARGE' : undefined);
  if (code === undefined) return error;
  const problem =
    code === 'ENOENT'
      ? 'no such file'
      : code === 'EISDIR'
        ? 'a folder, not a file'
        : code === 'EACCES' || code === 'EPERM'
          ? 'permission to read denied'
          : `cannot be read (${code})`;
  return new FileFormatError(path, problem, cure, { cause: error });
}

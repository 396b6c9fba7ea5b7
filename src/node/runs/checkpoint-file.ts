import * as fs from 'node:fs';
import * as zlib from 'node:zlib';
import type { Snapshot } from '../../core/snapshot.ts';
import {
  CHECKPOINT_FORMAT,
  type Checkpoint,
  type CheckpointHeader,
  checkpointFormat,
  encodeCheckpoint,
  readCheckpoint,
} from '../../storage/checkpoint-format.ts';
import { type Checksum, crc32 } from '../../storage/crc32.ts';
import { type FileSystem, toReadError, writeFileAtomic } from '../files/atomic-file.ts';

/** zlib's own where Node has it (20.15 and later), four times as fast as the portable one. */
export const checksum: Checksum =
  typeof zlib.crc32 === 'function'
    ? // Of an array without memory it gives 0, whatever came before.
      (bytes, previous) => (bytes.length === 0 ? previous : zlib.crc32(bytes, previous))
    : crc32;

/**
 * Writes a checkpoint under its name only when it is complete and on the disk.
 * @throws WriteError when the system refuses; a file of that name stays as it was.
 */
export function writeCheckpointFile(path: string, snapshot: Snapshot, header: CheckpointHeader, on?: FileSystem): void {
  writeFileAtomic(path, encodeCheckpoint(snapshot, header, checksum), on);
}

/**
 * Reads and verifies a checkpoint.
 * @throws FileFormatError when it is missing, of another kind, truncated or damaged.
 */
export function readCheckpointFile(path: string): Checkpoint {
  return withFile(path, (fd) =>
    readCheckpoint((length) => readUpTo(fd, length), fs.fstatSync(fd).size, path, checksum),
  );
}

/** True when a file is a checkpoint of a format that this version does not know: not damaged, but not readable here. */
export function isForeignFormat(path: string): boolean {
  const format = withFile(path, (fd) => checkpointFormat(readUpTo(fd, 12)));
  return format !== undefined && format !== CHECKPOINT_FORMAT;
}

function withFile<T>(path: string, use: (fd: number) => T): T {
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, 'r');
    return use(fd);
  } catch (error) {
    throw toReadError(path, error);
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

const READ_CHUNK = 64 * 1024 * 1024;

function readUpTo(fd: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  while (offset < length) {
    const count = fs.readSync(fd, bytes, offset, Math.min(READ_CHUNK, length - offset), null);
    if (count === 0) return bytes.subarray(0, offset);
    offset += count;
  }
  return bytes;
}

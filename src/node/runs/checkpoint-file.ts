import * as fs from 'node:fs';
import type { Snapshot } from '../../core/snapshot.ts';
import {
  type Checkpoint,
  type CheckpointHeader,
  encodeCheckpoint,
  readCheckpoint,
  readCheckpointHeader,
} from '../../storage/checkpoint-format.ts';
import { type FileSystem, toReadError, writeFileAtomic } from '../files/atomic-file.ts';
import { checksum } from '../files/checksum.ts';

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

/**
 * Reads what a checkpoint says of itself; its arrays may be damaged.
 * @throws FileFormatError as `readCheckpointFile`.
 */
export function readCheckpointFileHeader(path: string): CheckpointHeader {
  return withFile(path, (fd) =>
    readCheckpointHeader((length) => readUpTo(fd, length), fs.fstatSync(fd).size, path, checksum),
  );
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

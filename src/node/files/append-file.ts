import * as nodeFs from 'node:fs';
import type { ByteOutput } from '../../log/sink.ts';
import { type FileSystem, toReadError, toWriteError, writeAll } from './atomic-file.ts';
import { checksum } from './checksum.ts';

const BUFFER_BYTES = 64 * 1024;
const FLUSH_EVERY_MS = 1000;

/**
 * A log file that only grows, buffered for up to a second so that a value a step costs no system call. What a failed
 * write could not put there stays buffered, and is tried again.
 */
export class AppendFile implements ByteOutput {
  readonly path: string;
  readonly #fs: FileSystem;
  readonly #now: () => number;
  readonly #fd: number;
  readonly #guard: () => void;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #written: number;
  #crc: number;
  #lastFlush: number;
  #open = true;

  /**
   * Opens or makes the file.
   * @param keep bytes to keep of what is there, the rest is cut off; all when undefined or when there are fewer.
   * @param now milliseconds, for the flush every second.
   * @param guard called before anything is written; what it throws keeps it from being written.
   * @throws WriteError when it cannot be opened.
   */
  constructor(
    path: string,
    now: () => number,
    keep?: number,
    fs: FileSystem = nodeFs,
    guard: () => void = () => undefined,
  ) {
    this.path = path;
    this.#now = now;
    this.#fs = fs;
    this.#guard = guard;
    this.#lastFlush = now();
    try {
      this.#fd = fs.openSync(path, 'a');
      this.#written = nodeFs.fstatSync(this.#fd).size;
      if (keep !== undefined && keep < this.#written) {
        fs.ftruncateSync(this.#fd, keep);
        this.#written = keep;
      }
      this.#crc = sumOfStart(path, this.#written)?.crc32 ?? 0;
    } catch (error) {
      throw toWriteError(path, error);
    }
  }

  /** Bytes in the file once everything is flushed. */
  get length(): number {
    return this.#written + this.#pendingBytes;
  }

  /** CRC-32 of what is in the file: of all, after a flush. */
  get crc32(): number {
    return this.#crc;
  }

  write(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= BUFFER_BYTES || this.#now() - this.#lastFlush >= FLUSH_EVERY_MS) this.flush();
  }

  /** Hands what is buffered to the system: it survives the end of this process, though not yet a power loss. */
  flush(): void {
    this.#lastFlush = this.#now();
    if (this.#pendingBytes === 0) return;
    this.#guard();
    const bytes = Buffer.concat(this.#pending);
    try {
      writeAll(this.#fd, bytes, this.#fs);
    } catch (error) {
      this.#dropPartialWrite();
      throw toWriteError(this.path, error);
    }
    this.#written += this.#pendingBytes;
    this.#crc = checksum(bytes, this.#crc);
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  /** A full disk takes the first part of a record; without it a later flush goes on where a whole record ended. */
  #dropPartialWrite(): void {
    try {
      this.#fs.ftruncateSync(this.#fd, this.#written);
    } catch {
      // The failed write is the error to report; a log that cannot be cut is cut when the run is next opened.
    }
  }

  /** Flushes and forces the content to the disk. */
  sync(): void {
    this.flush();
    try {
      this.#fs.fsyncSync(this.#fd);
    } catch (error) {
      throw toWriteError(this.path, error);
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      this.flush();
    } finally {
      this.#fs.closeSync(this.#fd);
    }
  }
}

const READ_CHUNK = 1 << 20;

/**
 * CRC-32 of the first bytes of a file, as many as there are of `length`; undefined without a file.
 * @throws FileFormatError when it cannot be read.
 */
export function sumOfStart(
  path: string,
  length: number,
): { readonly bytes: number; readonly crc32: number } | undefined {
  let fd: number | undefined;
  try {
    if (!nodeFs.existsSync(path)) return undefined;
    fd = nodeFs.openSync(path, 'r');
    const chunk = new Uint8Array(Math.min(READ_CHUNK, Math.max(1, length)));
    let crc = 0;
    let bytes = 0;
    while (bytes < length) {
      const count = nodeFs.readSync(fd, chunk, 0, Math.min(chunk.length, length - bytes), null);
      if (count === 0) break;
      crc = checksum(chunk.subarray(0, count), crc);
      bytes += count;
    }
    return { bytes, crc32: crc };
  } catch (error) {
    throw toReadError(path, error);
  } finally {
    if (fd !== undefined) nodeFs.closeSync(fd);
  }
}

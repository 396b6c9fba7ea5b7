import * as nodeFs from 'node:fs';
import type { ByteOutput } from '../../log/sink.ts';
import { type FileSystem, toWriteError, writeAll } from './atomic-file.ts';

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
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #written: number;
  #lastFlush: number;
  #open = true;

  /**
   * Opens or makes the file.
   * @param keep bytes to keep of what is there, the rest is cut off; all when undefined or when there are fewer.
   * @param now milliseconds, for the flush every second.
   * @throws WriteError when it cannot be opened.
   */
  constructor(path: string, now: () => number, keep?: number, fs: FileSystem = nodeFs) {
    this.path = path;
    this.#now = now;
    this.#fs = fs;
    this.#lastFlush = now();
    try {
      this.#fd = fs.openSync(path, 'a');
      this.#written = nodeFs.fstatSync(this.#fd).size;
      if (keep !== undefined && keep < this.#written) {
        fs.ftruncateSync(this.#fd, keep);
        this.#written = keep;
      }
    } catch (error) {
      throw toWriteError(path, error);
    }
  }

  /** Bytes in the file once everything is flushed. */
  get length(): number {
    return this.#written + this.#pendingBytes;
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
    try {
      writeAll(this.#fd, Buffer.concat(this.#pending), this.#fs);
    } catch (error) {
      this.#dropPartialWrite();
      throw toWriteError(this.path, error);
    }
    this.#written += this.#pendingBytes;
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

import * as fs from 'node:fs';

const MOST_BYTES = 256;

/**
 * The last bytes that were read of a file, which tell whether the file is still the one that was read: a resumed training cuts its
 * logs and writes on, so that the length alone proves nothing.
 */
export class FileMark {
  #bytes = Buffer.alloc(0);

  /** Notes what was read next. */
  add(bytes: Buffer): void {
    this.#bytes = Buffer.from(Buffer.concat([this.#bytes, bytes.subarray(-MOST_BYTES)]).subarray(-MOST_BYTES));
  }

  /** Forgets everything: the file is read from its beginning. */
  clear(): void {
    this.#bytes = Buffer.alloc(0);
  }

  /** Whether the file has the noted bytes before `offset`, up to which it was read. */
  matches(file: number, offset: number): boolean {
    const found = Buffer.alloc(this.#bytes.length);
    const count = fs.readSync(file, found, 0, found.length, offset - found.length);
    return count === found.length && found.equals(this.#bytes);
  }
}

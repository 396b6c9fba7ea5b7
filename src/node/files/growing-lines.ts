import * as fs from 'node:fs';
import { errorCode, noFile, toReadError } from './atomic-file.ts';
import { FileMark } from './file-mark.ts';

const NEWLINE = 10;
const CHUNK = 1 << 20;
/** Longest line; more without an end is no text file of lines. */
const LONGEST_LINE = 16 << 20;

/** The lines of a file that another program adds to, as they come. The last one counts when its end is there. */
export class GrowingLines {
  readonly path: string;
  /** How often the file turned out to be another than the one that was read, and was given from its beginning. */
  generation = 0;
  #offset = 0;
  readonly #mark = new FileMark();

  constructor(path: string) {
    this.path = path;
  }

  /** Bytes of the lines that were given. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Whole lines since the last call; none where there is no file. One whose end was cut off, as a resumed training does with its
   * logs, is given from its beginning, though it may have grown past the old length meanwhile.
   * @param most bytes of the whole file; a larger one is refused.
   * @throws FileFormatError when it cannot be read, or is no text of lines.
   */
  read(most = Number.POSITIVE_INFINITY): string[] {
    let file: number | undefined;
    try {
      const entry = fs.statSync(this.path, { throwIfNoEntry: false });
      if (entry === undefined) return [];
      if (!entry.isFile() && !entry.isDirectory()) throw noFile(this.path);
      if (entry.size > most) throw new RangeError('too large');
      file = fs.openSync(this.path, 'r');
      if (!this.#mark.matches(file, this.#offset)) this.#restart();
      if (entry.size === this.#offset) return [];
      return this.#linesOf(file);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw toReadError(this.path, error);
    } finally {
      if (file !== undefined) fs.closeSync(file);
    }
  }

  #linesOf(file: number): string[] {
    const pieces: Buffer[] = [];
    let held = 0;
    let at = this.#offset;
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const count = fs.readSync(file, chunk, 0, CHUNK, at);
      if (count === 0) break;
      at += count;
      held = chunk.subarray(0, count).includes(NEWLINE) ? 0 : held + count;
      if (held > LONGEST_LINE) throw new RangeError('no lines');
      pieces.push(chunk.subarray(0, count));
    }
    const bytes = Buffer.concat(pieces);
    const end = bytes.lastIndexOf(NEWLINE);
    if (end < 0) return [];
    this.#offset += end + 1;
    this.#mark.add(bytes.subarray(0, end + 1));
    return bytes.toString('utf8', 0, end).split('\n');
  }

  #restart(): void {
    this.generation++;
    this.#offset = 0;
    this.#mark.clear();
  }
}

import * as fs from 'node:fs';
import { parseMetricsLine } from '../../log/jsonl.ts';
import { FileMark } from '../files/file-mark.ts';

/**
 * The metrics of a run as columns, read as the file grows: from where the last reading ended, a line cut in the middle waits for
 * its rest. What is held has an upper bound: past `MOST_ROWS` rows two neighbours become one, their mean, and from then on each
 * row is the mean of twice as many lines. So a file of gigabytes is read once, in slices, and never held.
 */
export class CurveStore {
  readonly path: string;
  /** Grows when rows that were there are no more what they were: thinned, or the log was cut back. */
  generation = 0;
  /** Lines that a row is the mean of. */
  linesPerRow = 1;
  /** Lines that were none. */
  damaged = 0;
  /** Bytes of whole lines that were read. */
  read = 0;
  /** Bytes that there were at the last look. */
  size = 0;
  #rows = 0;
  #columns = new Map<string, Float64Array>();
  /** Sums over the lines of the row that is not full yet. */
  #open = new Map<string, { sum: number; count: number }>();
  #openLines = 0;
  #last = { step: 0, time: 0 };
  /** Of the bytes before `read`. */
  readonly #mark = new FileMark();
  /** In the middle of a line that is too long to be one. */
  #skipping = false;
  #reading: Promise<void> | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Rows, with that which may still change. */
  get rows(): number {
    return this.#rows + (this.#openLines > 0 ? 1 : 0);
  }

  /** Whether the last row may still change. */
  get open(): boolean {
    return this.#openLines > 0;
  }

  /** Names of what was logged, without `step` and `time`. */
  get names(): string[] {
    return [...this.#columns.keys()].filter((name) => name !== 'step' && name !== 'time');
  }

  /** A column from a row on, the row that may still change included; NaN where a line had no such value. */
  column(name: string, from = 0): Float64Array {
    const out = new Float64Array(Math.max(0, this.rows - from));
    const stored = this.#columns.get(name);
    if (stored === undefined) return out.fill(Number.NaN);
    out.set(stored.subarray(from, this.#rows));
    if (this.#openLines > 0 && out.length > 0) out[out.length - 1] = this.#openValue(name);
    return out;
  }

  /**
   * Reads what has been added, for so long at most; the rest waits for the next call.
   * @param milliseconds after which it stops. Other work goes on between slices.
   */
  update(milliseconds = 200, now: () => number = () => performance.now()): Promise<void> {
    this.#reading ??= this.#update(milliseconds, now).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #update(milliseconds: number, now: () => number): Promise<void> {
    const until = now() + milliseconds;
    let file: number;
    try {
      file = fs.openSync(this.path, 'r');
    } catch {
      // Gone, or not there yet.
      if (this.read > 0) this.#restart();
      this.size = 0;
      return;
    }
    try {
      if (!fs.fstatSync(file).isFile()) return;
      this.size = fs.fstatSync(file).size;
      if (this.size < this.read || !this.#mark.matches(file, this.read)) this.#restart();
      const chunk = Buffer.allocUnsafe(SLICE);
      while (this.read < this.size) {
        const count = fs.readSync(file, chunk, 0, SLICE, this.read);
        if (count === 0 || !this.#take(chunk.subarray(0, count))) return;
        if (now() >= until) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      fs.closeSync(file);
    }
  }

  /** @returns false when there is no whole line yet. */
  #take(bytes: Buffer): boolean {
    const end = bytes.lastIndexOf(NEWLINE);
    if (end < 0) {
      if (bytes.length < SLICE) return false;
      // No line of a log is that long.
      if (!this.#skipping) this.damaged++;
      this.#skipping = true;
      this.#advance(bytes);
      return true;
    }
    let lines = bytes.toString('utf8', 0, end).split('\n');
    if (this.#skipping) lines = lines.slice(1);
    this.#skipping = false;
    for (const line of lines) this.#addLine(line);
    this.#advance(bytes.subarray(0, end + 1));
    return true;
  }

  #advance(bytes: Buffer): void {
    this.read += bytes.length;
    this.#mark.add(bytes);
  }

  #restart(): void {
    this.generation++;
    this.linesPerRow = 1;
    this.damaged = this.read = this.#rows = this.#openLines = 0;
    this.#columns.clear();
    this.#open.clear();
    this.#mark.clear();
    this.#skipping = false;
  }

  #addLine(line: string): void {
    if (line === '') return;
    const row = parseMetricsLine(line);
    if (row === undefined) {
      if (!line.includes('"text"')) this.damaged++;
      return;
    }
    const { step, time, values } = row;
    this.#last = { step, time };
    this.#add('step', step);
    this.#add('time', time);
    for (const name in values) {
      const value = values[name];
      // What version 0.1.0 called it.
      if (Number.isFinite(value)) this.#add(name === 'reward_100' ? 'reward_mean' : name, value);
    }
    this.#openLines++;
    if (this.#openLines === this.linesPerRow) this.#closeRow();
  }

  #add(name: string, value: number): void {
    const entry = this.#open.get(name);
    if (entry !== undefined) {
      entry.sum += value;
      entry.count++;
    } else if (this.#columns.has(name) || this.#columns.size < MOST_NAMES) {
      if (!this.#columns.has(name)) this.#columns.set(name, emptyColumn(this.#rows));
      this.#open.set(name, { sum: value, count: 1 });
    }
  }

  #openValue(name: string): number {
    if (name === 'step' || name === 'time') return this.#last[name];
    const entry = this.#open.get(name);
    return entry === undefined || entry.count === 0 ? Number.NaN : entry.sum / entry.count;
  }

  #closeRow(): void {
    for (const [name, column] of this.#columns) {
      let place = column;
      while (place.length <= this.#rows) place = grown(place);
      if (place !== column) this.#columns.set(name, place);
      place[this.#rows] = this.#openValue(name);
    }
    for (const entry of this.#open.values()) entry.sum = entry.count = 0;
    this.#openLines = 0;
    this.#rows++;
    if (this.#rows >= MOST_ROWS) this.#thin();
  }

  #thin(): void {
    for (const [name, column] of this.#columns) {
      const isPlace = name === 'step' || name === 'time';
      for (let i = 0; i < MOST_ROWS / 2; i++) {
        const [a, b] = [column[2 * i], column[2 * i + 1]];
        column[i] = isPlace || Number.isNaN(a) ? b : Number.isNaN(b) ? a : (a + b) / 2;
      }
      column.fill(Number.NaN, MOST_ROWS / 2);
    }
    this.#rows = MOST_ROWS / 2;
    this.linesPerRow *= 2;
    this.generation++;
  }
}

/** Runs of ten thousand lines are drawn line by line. */
const MOST_ROWS = 16_384;
const FIRST_ROWS = 64;
/** Metrics have a dozen names; a file that has a new one in each line is none. */
const MOST_NAMES = 64;
const SLICE = 1 << 18;
const NEWLINE = 10;

/** A column without values, with room for one more than so many rows. */
const emptyColumn = (rows: number): Float64Array =>
  new Float64Array(Math.max(FIRST_ROWS, 2 ** Math.ceil(Math.log2(rows + 1)))).fill(Number.NaN);

function grown(column: Float64Array): Float64Array {
  const larger = new Float64Array(column.length * 2).fill(Number.NaN);
  larger.set(column);
  return larger;
}

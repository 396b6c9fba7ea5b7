import { MultiBar, type SingleBar } from 'cli-progress';
import { printable } from '../core/printable.ts';
import type { LineOutput } from '../log/console.ts';

/**
 * Lines to a stream, with a progress bar below them when it is a terminal that can move its cursor. Nothing is drawn by
 * timers: a training that keeps the thread busy still shows its bar at every `progress`.
 */
export function terminalOutput(stream: NodeJS.WriteStream, env = process.env): LineOutput {
  return canRedraw(stream, env) ? new TerminalWithBar(stream) : new PlainLines(stream);
}

/** Where nothing is to be said. */
export const silentOutput: LineOutput = { line() {}, progress() {}, close() {} };

/** Whether a stream is a terminal that can move its cursor. */
export const canRedraw = ({ isTTY }: NodeJS.WriteStream, env = process.env): boolean =>
  isTTY === true && env['TERM'] !== 'dumb';

/** Columns that words may take on a stream; any number where it is no terminal. */
export const textWidth = ({ isTTY, columns }: NodeJS.WriteStream): number =>
  isTTY ? (columns || COLUMNS) - 1 : Number.POSITIVE_INFINITY;

/** Our own lines may be several; what a file gave to them must not add one. */
const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

class PlainLines implements LineOutput {
  readonly #stream: NodeJS.WritableStream;
  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }
  line(text: string): void {
    this.#stream.write(`${printableLines(text)}\n`);
  }
  progress(): void {}
  close(): void {}
}

/** Columns of the bar itself. */
const WIDEST = 24;
const NARROWEST = 10;
/** Of a terminal that does not say. */
const COLUMNS = 80;

/**
 * A bar and a note as a line that leaves the last columns free, so that no terminal wraps it, nor the `^C` that it writes behind
 * it. What a narrow one has no room for is dropped: the note's last words, below 50 columns the bar.
 */
export function barLine(done: number, total: number, note: string, columns: number): string {
  const width = Math.max(1, columns - 1 - '^C'.length);
  const share = total > 0 ? Math.min(1, done / total) : 0;
  // 100 % is for what has ended.
  const percent = ` ${String(Math.min(99, Math.floor(100 * share))).padStart(2)}% | `;
  const length = columns < 50 ? 0 : Math.min(WIDEST, Math.max(NARROWEST, width - percent.length - note.length - 1));
  const filled = Math.round(length * share);
  const bar = length === 0 ? '' : ` ${'█'.repeat(filled)}${'░'.repeat(length - filled)}`;
  const room = width - bar.length - percent.length;
  let shown = note;
  // Not at the comma within 3,648.
  while (shown.length > room && /[,|] /.test(shown)) shown = shown.replace(/ ?[,|] (?:(?![,|] ).)*$/, '');
  return `${bar}${percent}${shown}`.slice(0, width);
}

class TerminalWithBar implements LineOutput {
  readonly #stream: NodeJS.WriteStream;
  #bars: MultiBar | undefined;
  #bar: SingleBar | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  line(text: string): void {
    const shown = printableLines(text);
    if (this.#bars === undefined) {
      this.#stream.write(`${shown}\n`);
      return;
    }
    this.#bars.log(`${shown}\n`);
    this.#bars.update();
  }

  progress(done: number, total: number, note: string): void {
    if (this.#bars === undefined || this.#bar === undefined) {
      this.#bars = new MultiBar({
        stream: this.#stream,
        format: (_, { value, total: end }, payload) =>
          barLine(value, end, payload.note, this.#stream.columns || COLUMNS),
        // The terminal's state stays as it is: a program that is killed could not restore it.
        hideCursor: false,
        linewrap: true,
        clearOnComplete: true,
        gracefulExit: false,
        forceRedraw: true,
      });
      this.#bar = this.#bars.create(total, done, { note });
    } else {
      this.#bar.setTotal(total);
      this.#bar.update(done, { note });
    }
    this.#bars.update();
  }

  close(): void {
    this.#bars?.stop();
    this.#bars = undefined;
    this.#bar = undefined;
  }
}

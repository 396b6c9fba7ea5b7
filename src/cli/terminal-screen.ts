import type { RgbFrame } from '../core/env.ts';
import { terminalFrame } from './terminal-frame.ts';

/** What is needed of a terminal; `process.stdout` is one. */
export interface TerminalStream {
  readonly columns?: number;
  readonly rows?: number;
  getColorDepth?(): number;
  write(text: string): unknown;
}

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Terminals that know it show everything up to its end at once; others pass over it. */
const BEGIN_UPDATE = '\u001b[?2026h';
const END_UPDATE = '\u001b[?2026l';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const CLEAR_ALL = '\u001b[2J\u001b[H';
const up = (lines: number): string => (lines > 0 ? `\u001b[${lines}A` : '');

/**
 * Pictures in a terminal, each drawn over the last, with a line below them. The last one stays where it is, and what was in
 * the terminal before stays above.
 */
export class TerminalScreen {
  readonly #stream: TerminalStream;
  readonly #pixelAspect: number;
  /** Lines that the last picture took. */
  #height = 0;
  #size = '';

  constructor(stream: TerminalStream, pixelAspect: number) {
    this.#stream = stream;
    this.#pixelAspect = pixelAspect;
  }

  /** @param picture pixels, or text that is drawn as it is. */
  draw(picture: RgbFrame | string, caption: string): void {
    const { columns = 80, rows = 24 } = this.#stream;
    // The caption, and the line where the cursor rests.
    const room = Math.max(1, rows - 2);
    const lines =
      typeof picture === 'string'
        ? picture.replace(/\n+$/, '').split('\n').slice(0, room)
        : terminalFrame(picture, {
            columns,
            rows: room,
            pixelAspect: this.#pixelAspect,
            colorDepth: this.#stream.getColorDepth?.() ?? 1,
          });
    lines.push(caption.slice(0, columns - 1));
    const size = `${columns}x${rows}`;
    // In another size the terminal has wrapped the lines anew: begin on a clear screen.
    const start = this.#height === 0 ? HIDE_CURSOR : size === this.#size ? up(this.#height) : CLEAR_ALL;
    const text = lines.map((line) => `${line}${CLEAR_LINE}\n`).join('');
    this.#stream.write(`${BEGIN_UPDATE}${start}${text}${CLEAR_BELOW}${END_UPDATE}`);
    this.#height = lines.length;
    this.#size = size;
  }

  /** Writes a line in the last picture's place; the next is drawn below it. */
  line(text: string): void {
    this.#stream.write(`${up(this.#height)}${this.#height > 0 ? CLEAR_BELOW : ''}${text}\n`);
    this.#height = 0;
  }

  /** Leaves the last picture and gives the cursor back. A second call does nothing. */
  close(): void {
    if (this.#size !== '') this.#stream.write(SHOW_CURSOR);
    this.#size = '';
    this.#height = 0;
  }
}

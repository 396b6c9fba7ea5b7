import type { LogSink } from './sink.ts';

/** Lines for people with, where the place can show one, a progress bar below them. */
export interface LineOutput {
  line(text: string): void;
  /**
   * Redraws the bar; a place without one does nothing.
   * @param done of `total` units.
   * @param note shown next to the bar.
   */
  progress(done: number, total: number, note: string): void;
  /** Removes the bar and lets go of the place. */
  close(): void;
}

/** Makes a line of scalars, or undefined for those that people need not see. */
export type FormatLine = (step: number, values: Readonly<Record<string, number>>) => string | undefined;

/** `step 1000: reward -21, epsilon 0.02`: every value with up to four significant digits. */
export const plainLine: FormatLine = (step, values) =>
  `step ${step}: ${Object.entries(values)
    .map(([name, value]) => `${name} ${shortNumber(value)}`)
    .join(', ')}`;

/** Scalars and texts as lines for people. */
export class ConsoleSink implements LogSink {
  readonly #output: LineOutput;
  readonly #format: FormatLine;
  #closed = false;
  constructor(output: LineOutput, format: FormatLine = plainLine) {
    this.#output = output;
    this.#format = format;
  }
  scalars(step: number, values: Readonly<Record<string, number>>): void {
    const line = this.#format(step, values);
    if (line !== undefined) this.#output.line(line);
  }
  text(_step: number, name: string, text: string): void {
    this.#output.line(`${name}: ${text}`);
  }
  flush(): void {}
  close(): void {
    if (!this.#closed) this.#output.close();
    this.#closed = true;
  }
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

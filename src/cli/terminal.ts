import { MultiBar, type SingleBar } from 'cli-progress';
import type { LineOutput } from '../log/console.ts';

/**
 * Lines to a stream, with a progress bar below them when it is a terminal. Nothing is drawn by timers: a training that
 * keeps the thread busy still shows its bar at every `progress`.
 */
export function terminalOutput(stream: NodeJS.WriteStream): LineOutput {
  return stream.isTTY ? new TerminalWithBar(stream) : new PlainLines(stream);
}

class PlainLines implements LineOutput {
  readonly #stream: NodeJS.WritableStream;
  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }
  line(text: string): void {
    this.#stream.write(`${text}\n`);
  }
  progress(): void {}
  close(): void {}
}

class TerminalWithBar implements LineOutput {
  readonly #stream: NodeJS.WriteStream;
  #bars: MultiBar | undefined;
  #bar: SingleBar | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  line(text: string): void {
    if (this.#bars === undefined) {
      this.#stream.write(`${text}\n`);
      return;
    }
    this.#bars.log(`${text}\n`);
    this.#bars.update();
  }

  progress(done: number, total: number, note: string): void {
    if (this.#bars === undefined || this.#bar === undefined) {
      this.#bars = new MultiBar({
        stream: this.#stream,
        format: ' {bar} {percentage}% | {value}/{total} | {note} | {eta_formatted} left',
        barCompleteChar: '█',
        barIncompleteChar: '░',
        barsize: 24,
        hideCursor: false, // a killed program could not show it again
        clearOnComplete: true,
        gracefulExit: false,
        forceRedraw: true,
        etaBuffer: 50,
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

import { html, nothing, type TemplateResult } from 'lit';
import { type CurveFile, type LoadedCurve, loadCurve } from './load-curves.ts';

/** Who is told of files that are read. */
export interface FileListener {
  /** A file is a curve. */
  curve(path: string, curve: LoadedCurve): void;
  /** A file is none. */
  failed(message: string): void;
  /** Progress, or the end. */
  changed(): void;
}

/** Files that are being read, one after the other; more may come meanwhile. */
interface Reading {
  readonly files: CurveFile[];
  /** The file that is being read, and its bytes so far. */
  at: number;
  bytes: number;
  readonly stop: AbortController;
  /** When all are read, or it was stopped. */
  ended: Promise<void>;
}

/** Reads files of curves and shows how far it is. */
export class FileReading {
  readonly #listener: FileListener;
  #reading: Reading | undefined;

  constructor(listener: FileListener) {
    this.#listener = listener;
  }

  get busy(): boolean {
    return this.#reading !== undefined;
  }

  /** @returns when these and all that came before and meanwhile are read. */
  async add(files: readonly CurveFile[]): Promise<void> {
    if (this.#reading === undefined) {
      const reading: Reading = {
        files: [...files],
        at: 0,
        bytes: 0,
        stop: new AbortController(),
        ended: Promise.resolve(),
      };
      this.#reading = reading;
      reading.ended = this.#readAll(reading);
    } else this.#reading.files.push(...files);
    const { ended } = this.#reading;
    this.#listener.changed();
    await ended;
  }

  /** Leaves out what is not read yet. */
  stop(): void {
    if (this.#reading === undefined) return;
    this.#reading.stop.abort();
    this.#reading = undefined;
    this.#listener.changed();
  }

  render(): TemplateResult | typeof nothing {
    if (this.#reading === undefined) return nothing;
    const { files, at, bytes } = this.#reading;
    const { path, size } = files[at]!;
    const read = size === undefined ? `, ${(bytes / 1e6).toFixed(1)} MB` : '';
    const text = `Reading ${path}${files.length > 1 ? ` (${at + 1} of ${files.length})` : ''}${read}`;
    const share = size === undefined || size === 0 ? undefined : (at + bytes / size) / files.length;
    return html`<div class="loading">
      <span class="number">${text}</span>
      <progress aria-label="Reading" max="1" .value=${share ?? nothing}></progress>
      <button class="quiet" @click=${() => this.stop()}>Stop</button>
    </div>`;
  }

  async #readAll(reading: Reading): Promise<void> {
    const { files, stop } = reading;
    for (; reading.at < files.length; reading.at++) {
      const file = files[reading.at]!;
      const tell = (bytes: number): void => {
        reading.bytes = bytes;
        this.#listener.changed();
      };
      tell(0);
      try {
        this.#listener.curve(file.path, await loadCurve(file, tell, stop.signal));
      } catch (error) {
        if (stop.signal.aborted) break;
        this.#listener.failed(error instanceof Error ? error.message : String(error));
      }
    }
    if (this.#reading === reading) this.#reading = undefined;
    this.#listener.changed();
  }
}

import type { ByteOutput, LogSink } from './sink.ts';

/** Keeps everything, for tests and for pages that draw their own curves. */
export class MemorySink implements LogSink {
  readonly records: { readonly step: number; readonly values: Readonly<Record<string, number>> }[] = [];
  readonly texts: { readonly step: number; readonly name: string; readonly text: string }[] = [];
  closed = false;
  scalars(step: number, values: Readonly<Record<string, number>>): void {
    this.records.push({ step, values: { ...values } });
  }
  text(step: number, name: string, text: string): void {
    this.texts.push({ step, name, text });
  }
  flush(): void {}
  close(): void {
    this.closed = true;
  }
  /** The steps and values of one name, in order. */
  series(name: string): { readonly step: number; readonly value: number }[] {
    return this.records
      .filter(({ values }) => name in values)
      .map(({ step, values }) => ({ step, value: values[name] }));
  }
}

/** Collects bytes in memory. */
export class MemoryOutput implements ByteOutput {
  #bytes = new Uint8Array(0);
  /** All that was written; a copy. */
  get bytes(): Uint8Array {
    return this.#bytes.slice();
  }
  write(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.#bytes.length + bytes.length);
    joined.set(this.#bytes);
    joined.set(bytes, this.#bytes.length);
    this.#bytes = joined;
  }
  flush(): void {}
  close(): void {}
}

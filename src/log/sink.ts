/**
 * Where the numbers of a run go. Values may be NaN or infinite; each destination says what it does with them.
 * Destinations that write buffer: nothing is promised to be there before `flush` returns.
 */
export interface LogSink {
  /**
   * Numbers that belong to one step.
   * @param step units of training done, not negative, never falling within a run.
   * @param values by name, such as `reward_mean`; not kept after the call.
   */
  scalars(step: number, values: Readonly<Record<string, number>>): void;
  /** A text that belongs to a step, such as the configuration. */
  text(step: number, name: string, text: string): void;
  /** Hands everything over. Throws what the destination throws, such as `WriteError`. */
  flush(): void;
  /** Flushes and ends; a second call does nothing. */
  close(): void;
}

/** Takes encoded records, in order. What `write` gets is kept until it has been handed on, so it must not be changed. */
export interface ByteOutput {
  write(bytes: Uint8Array): void;
  flush(): void;
  close(): void;
}

/** One sink that feeds several. Each is closed even when closing an earlier one fails; the first error is thrown. */
export class TeeSink implements LogSink {
  readonly #sinks: readonly LogSink[];
  constructor(...sinks: readonly LogSink[]) {
    this.#sinks = sinks;
  }
  scalars(step: number, values: Readonly<Record<string, number>>): void {
    for (const sink of this.#sinks) sink.scalars(step, values);
  }
  text(step: number, name: string, text: string): void {
    for (const sink of this.#sinks) sink.text(step, name, text);
  }
  flush(): void {
    for (const sink of this.#sinks) sink.flush();
  }
  close(): void {
    const errors: unknown[] = [];
    for (const sink of this.#sinks) {
      try {
        sink.close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

import type { ByteOutput, LogSink } from './sink.ts';

/**
 * One JSON object a line: `{"step":1000,"time":1700000000.123,"reward":-21}`, or with `"text":{name: text}`. `time` is in
 * seconds since the Unix epoch. JSON has no NaN and no infinities; they are the strings "NaN", "Infinity" and
 * "-Infinity", as in the JSON form of Protocol Buffers. The names `step`, `time` and `text` are the format's own.
 */
export class JsonlSink implements LogSink {
  readonly #output: ByteOutput;
  readonly #now: () => number;
  readonly #encoder = new TextEncoder();

  /** @param now milliseconds since the Unix epoch. */
  constructor(output: ByteOutput, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  scalars(step: number, values: Readonly<Record<string, number>>): void {
    const plain: Record<string, number | string> = {};
    for (const [name, value] of Object.entries(values)) {
      if (name === 'step' || name === 'time' || name === 'text') throw new Error(`a scalar cannot be named "${name}"`);
      plain[name] = Number.isFinite(value) ? value : String(value);
    }
    this.#line({ step, time: this.#now() / 1000, ...plain });
  }

  text(step: number, name: string, text: string): void {
    this.#line({ step, time: this.#now() / 1000, text: { [name]: text } });
  }

  flush(): void {
    this.#output.flush();
  }

  close(): void {
    this.#output.close();
  }

  #line(record: object): void {
    this.#output.write(this.#encoder.encode(`${JSON.stringify(record)}\n`));
  }
}

/** A line of `JsonlSink` as numbers; undefined for a text, an empty line, or a line that is not whole. */
export function parseMetricsLine(
  line: string,
): { step: number; time: number; values: Record<string, number> } | undefined {
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof record !== 'object' || record === null) return undefined;
  const { step, time, text, ...rest } = record;
  if (typeof step !== 'number' || typeof time !== 'number' || text !== undefined) return undefined;
  const values: Record<string, number> = {};
  for (const [name, value] of Object.entries(rest)) values[name] = Number(value);
  return { step, time, values };
}

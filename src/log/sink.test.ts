import { describe, expect, it } from 'vitest';
import { ConsoleSink, type LineOutput } from './console.ts';
import { JsonlSink, parseMetricsLine } from './jsonl.ts';
import { MemoryOutput, MemorySink } from './memory.ts';
import { type ByteOutput, type LogSink, TeeSink } from './sink.ts';
import { TensorBoardSink } from './tensorboard.ts';

/** Collects lines, and counts what is asked of it. */
class Lines implements LineOutput {
  readonly lines: string[] = [];
  closed = 0;
  line(text: string): void {
    this.lines.push(text);
  }
  progress(): void {}
  close(): void {
    this.closed++;
  }
}

class CountingOutput extends MemoryOutput {
  flushes = 0;
  override flush(): void {
    this.flushes++;
  }
}

const encodings: [string, (output: ByteOutput) => LogSink][] = [
  ['JsonlSink', (output) => new JsonlSink(output, () => 1500)],
  ['TensorBoardSink', (output) => new TensorBoardSink(output, () => 1500)],
];

describe.each(encodings)('%s', (_name, make) => {
  it('writes each record at once, and only adds', () => {
    const output = new MemoryOutput();
    const sink = make(output);
    let before = output.bytes;
    for (let step = 0; step < 5; step++) {
      sink.scalars(step, { reward: step });
      const after = output.bytes;
      expect(after.length).toBeGreaterThan(before.length);
      expect(after.subarray(0, before.length)).toEqual(before);
      before = after;
    }
  });

  it('gives the same bytes for the same calls at the same time', () => {
    const [a, b] = [new MemoryOutput(), new MemoryOutput()];
    for (const output of [a, b]) {
      const sink = make(output);
      sink.scalars(1, { reward: -21, epsilon: 0.1 });
      sink.text(2, 'note', 'text');
    }
    expect(a.bytes).toEqual(b.bytes);
  });

  it('passes a flush on', () => {
    const output = new CountingOutput();
    make(output).flush();
    expect(output.flushes).toBe(1);
  });
});

describe('every sink', () => {
  it.each<[string, () => LogSink]>([
    ...encodings.map(([name, make]): [string, () => LogSink] => [name, () => make(new MemoryOutput())]),
    ['MemorySink', () => new MemorySink()],
    ['ConsoleSink', () => new ConsoleSink(new Lines())],
    ['TeeSink', () => new TeeSink(new MemorySink())],
  ])('%s does not keep or change the values, takes what is not finite, and may be closed twice', (_name, make) => {
    const sink = make();
    const values = { a: 1, b: Number.NaN, c: Number.POSITIVE_INFINITY };
    sink.scalars(0, values);
    sink.scalars(0, {});
    sink.text(3, 'name', 'two\nlines');
    sink.flush();
    expect(values).toEqual({ a: 1, b: Number.NaN, c: Number.POSITIVE_INFINITY });
    sink.close();
    expect(() => sink.close()).not.toThrow();
  });
});

describe('JsonlSink', () => {
  const linesOf = (write: (sink: JsonlSink) => void): string[] => {
    const output = new MemoryOutput();
    write(new JsonlSink(output, () => 1700000000250));
    return new TextDecoder().decode(output.bytes).split('\n');
  };

  it('writes one object a line', () => {
    const lines = linesOf((sink) => {
      sink.scalars(1000, { reward: -20.5, loss: Number.NaN, max: -1 / 0 });
      sink.text(1001, 'config', 'a\nb');
    });
    expect(lines).toEqual([
      '{"step":1000,"time":1700000000.25,"reward":-20.5,"loss":"NaN","max":"-Infinity"}',
      '{"step":1001,"time":1700000000.25,"text":{"config":"a\\nb"}}',
      '',
    ]);
  });

  it('is read back exactly', () => {
    const values = { a: 0.1, b: Number.NaN, c: Number.NEGATIVE_INFINITY, d: 1e-300 };
    const [line] = linesOf((sink) => sink.scalars(7, values));
    expect(parseMetricsLine(line)).toEqual({ step: 7, time: 1700000000.25, values });
  });

  it.each([
    '',
    '{"step":1,"ti',
    'null',
    '5',
    '{"step":1,"time":2,"text":{"a":"b"}}',
    '{"time":2}',
  ])('reads no numbers from %j', (line) => expect(parseMetricsLine(line)).toBeUndefined());

  it.each(['step', 'time', 'text'])('refuses a scalar named %s, which would hide its own key', (name) => {
    expect(() => linesOf((sink) => sink.scalars(1, { [name]: 1 }))).toThrow(name);
  });
});

describe('ConsoleSink', () => {
  it('prints four significant digits unless told otherwise', () => {
    const output = new Lines();
    new ConsoleSink(output).scalars(1000, { reward: -20.512345, games: 12, loss: 0.00012346 });
    expect(output.lines).toEqual(['step 1000: reward -20.51, games 12, loss 0.0001235']);
  });

  it('leaves out what the format leaves out', () => {
    const output = new Lines();
    const sink = new ConsoleSink(output, (step, { reward }) =>
      reward === undefined ? undefined : `${step}: reward ${reward.toFixed(3)}`,
    );
    sink.scalars(1, { loss: 5 });
    sink.scalars(2, { reward: 1 });
    expect(output.lines).toEqual(['2: reward 1.000']);
  });

  it('closes its output once', () => {
    const output = new Lines();
    const sink = new ConsoleSink(output);
    sink.close();
    sink.close();
    expect(output.closed).toBe(1);
  });
});

describe('MemorySink', () => {
  it('gives the series of a name', () => {
    const sink = new MemorySink();
    sink.scalars(1, { a: 1 });
    sink.scalars(2, { b: 5 });
    sink.scalars(3, { a: 2, b: 6 });
    expect(sink.series('a')).toEqual([
      { step: 1, value: 1 },
      { step: 3, value: 2 },
    ]);
  });
});

describe('TeeSink', () => {
  it('feeds all', () => {
    const [a, b] = [new MemorySink(), new MemorySink()];
    const sink = new TeeSink(a, b);
    sink.scalars(1, { x: 2 });
    sink.text(1, 't', 'u');
    expect(a.records).toEqual([{ step: 1, values: { x: 2 } }]);
    expect(b).toEqual(a);
  });

  it('closes all, then throws the first error', () => {
    const last = new MemorySink();
    const broken = new MemorySink();
    broken.close = () => {
      throw new Error('disk full');
    };
    expect(() => new TeeSink(broken, last).close()).toThrow('disk full');
    expect(last.closed).toBe(true);
  });
});

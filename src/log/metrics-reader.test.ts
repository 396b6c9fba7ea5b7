import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MetricsReader } from './metrics-reader.ts';
import { MetricsTable } from './metrics-table.ts';
import { looksLikeEvents, readEvents } from './read-events.ts';

const utf8 = new TextEncoder();

/** Reads a text in pieces of so many bytes. */
function read(text: string, piece = 7) {
  const reader = new MetricsReader('curve');
  const bytes = utf8.encode(text);
  for (let from = 0; from < bytes.length; from += piece) reader.push(bytes.subarray(from, from + piece));
  const said = reader.end();
  const columns = Object.fromEntries(
    reader.table.names.map((name) => [name, Array.from(reader.table.column(name) ?? [])]),
  );
  return { said, columns };
}

describe('MetricsTable', () => {
  it('has NaN where a row lacks a name, in rows before and after', () => {
    const table = new MetricsTable({ step: [1, 2] });
    table.append({ step: 3, reward: 5 });
    table.append({ step: 4 });
    expect(table.names).toEqual(['step', 'reward']);
    expect(Array.from(table.column('reward') ?? [])).toEqual([Number.NaN, Number.NaN, 5, Number.NaN]);
    expect(table.column('loss')).toBeUndefined();
  });
  it('keeps all rows while it grows', () => {
    const table = new MetricsTable();
    for (let i = 0; i < 1000; i++) table.append(i % 2 === 0 ? { step: i, even: i } : { step: i });
    table.appendColumns({ step: Float64Array.of(1000, 1001), even: [1000, Number.NaN] });
    const expected = Array.from({ length: 1002 }, (_, i) => (i % 2 === 0 ? i : Number.NaN));
    expect(Array.from(table.column('even') ?? [])).toEqual(expected);
    expect(table.column('step')?.[1001]).toBe(1001);
  });
  it('refuses columns of different lengths', () => {
    expect(() => new MetricsTable({ step: [1, 2], reward: [1] })).toThrow('Column reward has 1 values, step has 2.');
  });
});

describe('MetricsReader', () => {
  it.each([1, 3, 7, 1000])('reads metrics.jsonl in pieces of %i bytes', (piece) => {
    const text =
      '{"step":1,"time":2.5,"reward":-21,"größe":1}\n{"step":2,"time":3,"text":{"config":"x"}}\n{"step":4,"time":4,"reward":"NaN"}\n';
    expect(read(text, piece)).toEqual({
      said: undefined,
      columns: { step: [1, 4], time: [2.5, 4], reward: [-21, Number.NaN], größe: [1, Number.NaN] },
    });
  });
  it('leaves out a line that is cut, or none, and says where', () => {
    const { said, columns } = read('{"step":1,"time":1,"a":1}\nnonsense\n{"step":2,"time":2,"a":2}\n{"step":3,"ti');
    expect(columns['step']).toEqual([1, 2]);
    expect(said).toBe('curve: 2 lines are no row of numbers (the first is line 2); 2 rows were read.');
  });
  it.each([
    [
      'TensorBoard',
      'Wall time,Step,Value\n1700000000.5,10,1.5\n1700000001,20,2\n',
      { time: [1700000000.5, 1700000001], step: [10, 20], Value: [1.5, 2] },
    ],
    ['Stable-Baselines3', '#{"t_start": 1.0}\nr,l\n20.0,20\n9,9\n', { r: [20, 9], l: [20, 9], step: [0, 1] }],
    [
      'a spreadsheet',
      'step,"a ""b"", c",note\r\n1,2,good\r\n3,,bad\r\n',
      { step: [1, 3], 'a "b", c': [2, Number.NaN], note: [Number.NaN, Number.NaN] },
    ],
    ['one with markup', 'step,<img src=x onerror=alert(1)>\n1,2\n', { step: [1], '<img src=x onerror=alert(1)>': [2] }],
    ['one with a name of objects', 'step,constructor\n1,2\n', { step: [1], constructor: [2] }],
  ])('reads comma-separated values of %s', (_name, text, expected) => {
    expect(read(text).columns).toEqual(expected);
  });
  it('skips a line without end', () => {
    const reader = new MetricsReader('curve');
    reader.push(utf8.encode('{"step":1,"time":1,"a":1}\n'));
    const part = utf8.encode('x'.repeat(1 << 19));
    for (let i = 0; i < 5; i++) reader.push(part);
    reader.push(utf8.encode('\n{"step":2,"time":1,"a":1}\n'));
    expect(reader.end()).toContain('1 line is no row of numbers (the first is line 2); 2 rows');
  });
  it('calls the mean of the last games what it is called now', () => {
    expect(read('{"step":1,"time":2,"reward_100":7}\n').columns).toEqual({ step: [1], time: [2], reward_mean: [7] });
  });
  it('stops where it is full', () => {
    const reader = new MetricsReader('curve', 2);
    reader.push(utf8.encode('a,b\n1,2\n'));
    expect(reader.full).toBe(false);
    reader.push(utf8.encode('3,4\n5,6\n7,8\n'));
    expect(reader.full).toBe(true);
    expect(reader.end()).toBe('curve: only its first 2 rows were read.');
    expect(reader.table.length).toBe(2);
  });
  it.each([
    ['', 'curve: the file is empty.'],
    ['step,reward\n', 'curve: none of its 1 lines is a row of numbers.'],
    ['1,2\n3,4\n', 'curve: its first line has numbers where names of columns are needed.'],
    ['<!doctype html>\n<p>hello</p>\n', 'curve: its first line is no row of names.'],
    ['{"a":\n1}\n', 'curve: none of its 2 lines is a row of numbers.'],
    [Array.from({ length: 1001 }, (_, i) => `c${i}`).join(), 'curve: its first line has 1001 names, allowed are 1000.'],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow('Allowed are metrics.jsonl, comma-separated values');
  });
});

describe('readEvents', () => {
  const fixtures = new URL('fixtures/tensorboard-records.json', import.meta.url);
  const recorded = JSON.parse(readFileSync(fixtures, 'utf8')) as Record<string, string>;
  const bytesOf = (...names: string[]) =>
    Uint8Array.from(Buffer.from(names.map((name) => recorded[name]).join(''), 'hex'));

  it('reads what TensorBoard writes: scalars, those in tensors, and leaves the rest', () => {
    const { table, problem } = readEvents(
      bytesOf('start', 'number', 'scalar', 'text', 'several', 'special', 'tensors'),
      'e',
    );
    expect(problem).toBeUndefined();
    const column = (name: string) => Array.from(table.column(name) ?? []);
    const none = Number.NaN;
    expect(column('step')).toEqual([1, 3_000_000_000, 300, 9]);
    expect(column('time')).toEqual([1700000001.5, 1700000002.125, 1, 1700000005]);
    expect(column('reward')).toEqual([-21, none, none, none]);
    expect(column('epsilon')).toEqual([none, Math.fround(0.02), none, none]);
    expect(column('inf')).toEqual([none, none, Number.NEGATIVE_INFINITY, none]);
    expect([column('content')[3], column('list')[3]]).toEqual([-20.5, 0.25]);
    expect(table.names).toHaveLength(11);
  });
  it('ends at a record that is cut or damaged, and says so', () => {
    const whole = bytesOf('start', 'scalar', 'several');
    expect(readEvents(whole.subarray(0, whole.length - 3), 'e')).toMatchObject({
      problem: 'e: record 3 is cut or damaged; 1 rows before it were read.',
    });
    whole[whole.length - 10] ^= 1;
    expect(readEvents(whole, 'e').problem).toContain('record 3');
  });
  it('knows its files', () => {
    expect(looksLikeEvents(bytesOf('start'))).toBe(true);
    expect(looksLikeEvents(utf8.encode('{"step":1,"time":2,"reward":3}'))).toBe(false);
    expect(() => readEvents(utf8.encode('{"step":1,"time":2,"reward":3}'), 'e')).toThrow(
      'does not begin as an event file',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { notRunning } from './episode-phase.ts';
import {
  ActionError,
  ActionMaskError,
  BellmanError,
  FileFormatError,
  MismatchError,
  OptionError,
  OrderError,
  RunTakenError,
  ShapeError,
  show,
  UnavailableError,
  UnknownNameError,
  WriteError,
} from './errors.ts';

describe('errors', () => {
  it.each<[BellmanError, string, string, string]>([
    [new OptionError('n', 3, 'less'), 'OptionError', 'BAD_OPTION', 'n: got 3, allowed is less.'],
    [new ActionError(9, 'Discrete(4)'), 'ActionError', 'BAD_ACTION', 'Action 9 is not in Discrete(4).'],
    [
      new ActionMaskError([0, 0], 2),
      'ActionMaskError',
      'BAD_ACTION_MASK',
      'action_mask: got [0,0], allowed is 2 entries of 0 and 1, not all 0.',
    ],
    [new OrderError('First reset.'), 'OrderError', 'WRONG_ORDER', 'First reset.'],
    [new ShapeError('No.'), 'ShapeError', 'BAD_SHAPE', 'No.'],
    [new FileFormatError('f', 'is cut', 'Get it again.'), 'FileFormatError', 'BAD_FILE', 'f: is cut. Get it again.'],
    [new FileFormatError('', 'no file', 'Get it.'), 'FileFormatError', 'BAD_FILE', '"": no file. Get it.'],
    [new WriteError('', 'no space'), 'WriteError', 'CANNOT_WRITE', 'Cannot write "": no space.'],
    [new WriteError('f', 'no space'), 'WriteError', 'CANNOT_WRITE', 'Cannot write f: no space.'],
    [new MismatchError('No.'), 'MismatchError', 'MISMATCH', 'No.'],
    [new RunTakenError('No.'), 'RunTakenError', 'RUN_TAKEN', 'No.'],
    [new UnavailableError('X', 'is missing.'), 'UnavailableError', 'UNAVAILABLE', 'X is missing.'],
    [notRunning('new'), 'OrderError', 'WRONG_ORDER', 'Call reset() before step().'],
    [
      notRunning('over', 'render'),
      'OrderError',
      'WRONG_ORDER',
      'The episode is over: call reset() before the next render().',
    ],
  ])('%s', (error, name, code, message) => {
    expect(error).toBeInstanceOf(BellmanError);
    expect({ name: error.name, code: error.code, message: error.message }).toEqual({ name, code, message });
  });

  it('carries its cause', () => {
    const cause = new Error('disk');
    expect(new WriteError('f', 'no space', { cause }).cause).toBe(cause);
    expect(new FileFormatError('f', 'p', 'c', { cause }).cause).toBe(cause);
    expect(new UnavailableError('X', 'y', { cause }).cause).toBe(cause);
  });
});

describe('UnknownNameError', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`);
  it.each<[UnknownNameError, string]>([
    [new UnknownNameError('env', 'x', ['a', 'b']), 'Unknown env "x". Known: a, b.'],
    [new UnknownNameError('env', 'x', ['a'], 'a'), 'Unknown env "x". Did you mean "a"? Known: a.'],
    [new UnknownNameError('env', 'x', ['a'], 'a', 'Ask.'), 'Unknown env "x". Did you mean "a"? Ask.'],
    [new UnknownNameError('env', 'x', many(24)), `Unknown env "x". Known: ${many(24).join(', ')}.`],
    [new UnknownNameError('env', 'x', many(25)), 'Unknown env "x".'],
  ])('%s', (error, message) => {
    expect(error.message).toBe(message);
  });
  it('has the kind in its code, and what was received and known', () => {
    const error = new UnknownNameError('render mode style', 'x', ['a']);
    expect(error.code).toBe('UNKNOWN_RENDER_MODE_STYLE');
    expect([error.received, error.known]).toEqual(['x', ['a']]);
  });
});

describe('show', () => {
  const circular = { toJSON: () => undefined };
  it.each<[unknown, string]>([
    ['a "b"', '"a \\"b\\""'],
    ['x'.repeat(60), `"${'x'.repeat(60)}"`],
    ['x'.repeat(61), `"${'x'.repeat(57)}..."`],
    [12n, '12n'],
    [() => 1, 'a function'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Number.NaN, 'NaN'],
    [Uint8Array.of(1, 2), 'Uint8Array(2) [1, 2]'],
    [Float32Array.of(1, 2, 3, 4, 5, 6), 'Float32Array(6) [1, 2, 3, 4, 5, 6]'],
    [Float32Array.of(1, 2, 3, 4, 5, 6, 7), 'Float32Array(7) [1, 2, 3, 4, 5, 6, ...]'],
    [{ a: 1 }, '{"a":1}'],
    [['x'.repeat(76)], `["${'x'.repeat(76)}"]`],
    [['x'.repeat(77)], `["${'x'.repeat(75)}...`],
    [circular, '[object Object]'],
    [{}, '{}'],
    [Object.create(null), '{}'],
    [new ArrayBuffer(4), 'an ArrayBuffer'],
    [new Map([[1, 2]]), 'a Map'],
  ])('%o', (value, text) => {
    expect(show(value)).toBe(text);
  });
});

import { describe, expect, it } from 'vitest';
import { OptionError, UnknownNameError } from './errors.ts';
import {
  booleanOption,
  frameSkipOption,
  nameOption,
  numberOption,
  probabilityOption,
  renderModeOption,
} from './options.ts';

const modes = ['ansi', 'rgb_array'] as const;

describe('options that are accepted', () => {
  it.each<[string, () => unknown, unknown]>([
    ['a boolean', () => booleanOption('x', false, true), false],
    ['no boolean', () => booleanOption('x', undefined, true), true],
    ['probability 0', () => probabilityOption('x', 0, 0.5), 0],
    ['probability 1', () => probabilityOption('x', 1, 0.5), 1],
    ['no probability', () => probabilityOption('x', undefined, 0.5), 0.5],
    ['a name', () => nameOption('x', 'b', ['a', 'b'], 'a'), 'b'],
    ['no name', () => nameOption('x', undefined, ['a', 'b'], 'a'), 'a'],
    ['a render mode', () => renderModeOption('ansi', modes), 'ansi'],
    ['no drawing', () => renderModeOption(null, modes), null],
    ['no render mode', () => renderModeOption(undefined, modes), null],
    ['a number', () => numberOption('x', -3, 1), -3],
    ['no number', () => numberOption('x', undefined, 1), 1],
    ['a number above', () => numberOption('x', 0.5, 1, { above: 0 }), 0.5],
    ['the first number from', () => numberOption('x', 0, 1, { from: 0 }), 0],
    ['a frame skip', () => frameSkipOption('x', 1, 4), [1, 1]],
    ['a drawn frame skip', () => frameSkipOption('x', [2, 5], 4), [2, 5]],
    ['no frame skip', () => frameSkipOption('x', undefined, 4), [4, 4]],
  ])('%s', (_name, call, expected) => {
    expect(call()).toEqual(expected);
  });
});

describe('options that are refused, in one line', () => {
  it.each<[() => unknown, string]>([
    [() => booleanOption('x', 1, true), 'x: got 1, allowed is true or false.'],
    [() => probabilityOption('x', 1.01, 0), 'x: got 1.01, allowed is a number from 0 to 1.'],
    [() => probabilityOption('x', -0.01, 0), 'x: got -0.01, allowed is a number from 0 to 1.'],
    [() => probabilityOption('x', Number.NaN, 0), 'x: got NaN, allowed is a number from 0 to 1.'],
    [() => probabilityOption('x', '0.5', 0), 'x: got "0.5", allowed is a number from 0 to 1.'],
    [() => nameOption('x', 3, ['a', 'b'], 'a'), 'x: got 3, allowed is "a" or "b".'],
    [() => renderModeOption('human', modes), 'renderMode: got "human", allowed is "ansi" or "rgb_array" or null.'],
    [() => numberOption('x', Infinity, 0), 'x: got Infinity, allowed is a finite number.'],
    [() => numberOption('x', '1', 0), 'x: got "1", allowed is a finite number.'],
    [() => numberOption('x', 0, 1, { above: 0 }), 'x: got 0, allowed is a finite number above 0.'],
    [() => numberOption('x', -1, 1, { from: 0 }), 'x: got -1, allowed is a finite number from 0 up.'],
    ...[0, 1.5, '2', [2], [2, 2], [3, 2], [0, 2], [1, 2.5], [1, 2, 3]].map((value): [() => unknown, string] => [
      () => frameSkipOption('x', value, 4),
      `x: got ${JSON.stringify(value)}, allowed is a positive integer, or [low, high) of two with low < high.`,
    ]),
  ])('%#', (call, message) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });
  it('a name near a known one is asked about', () => {
    const call = () => nameOption('map', 'smal', ['small', 'large'], 'small');
    expect(call).toThrow(UnknownNameError);
    expect(call).toThrow('Unknown map "smal". Did you mean "small"? Known: small, large.');
  });
});

import { describe, expect, test } from 'vitest';
import { BellmanError, OptionError, UnknownNameError } from './errors.ts';
import { excerpt, printable, printableJson } from './printable.ts';

describe('printable', () => {
  test.each([
    ['plain text, ü 漢 🎮', 'plain text, ü 漢 🎮'],
    ['\u001b]0;pwned\u0007\u001b[2J', '\\x1b]0;pwned\\x07\\x1b[2J'],
    ['two\r\nlines\tof', 'two\\r\\nlines\\tof'],
    ['\u009b31m\u007f', '\\x9b31m\\x7f'],
    ['a\u202eb\u2066c\u2028d', 'a\\u202eb\\u2066c\\u2028d'],
  ])('%j', (text, shown) => expect(printable(text)).toBe(shown));

  test('every control character of Unicode is shown', () => {
    for (let code = 0; code < 0x10000; code++) {
      const character = String.fromCharCode(code);
      if (/\p{Cc}/u.test(character)) expect(printable(character)).toMatch(/^\\[nrtx]/);
    }
  });
});

test('printableJson escapes what printable shows, and says the same', () => {
  const value = { '\u009b': ['\u202ea\u007f', '\u001b\n', 'ü"\\'], n: 1 };
  expect(printableJson(value)).toBe('{"\\u009b":["\\u202ea\\u007f","\\u001b\\n","ü\\"\\\\"],"n":1}');
  expect(JSON.parse(printableJson(value))).toEqual(value);
});

test('excerpt ends long texts before it shows what they hold', () => {
  expect(excerpt('\u001b2345', 5)).toBe('\\x1b2345');
  expect(excerpt('\u001b23456', 5)).toBe('\\x1b234…');
});

describe('messages of errors are one printable line', () => {
  const evil = '\u001b[2J\nbellman: all well\u009b';
  test.each([
    new BellmanError('X', `a ${evil}`),
    new OptionError(evil, evil, evil),
    new UnknownNameError('environment', evil, [evil], evil),
  ])('%s', (error) => expect(error.message).not.toMatch(/\p{Cc}/u));
});

import { expect, it } from 'vitest';
import { hanging, wrap } from './wrap.ts';

it.each([
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 13, ['one two three']],
  ['one two three', Number.POSITIVE_INFINITY, ['one two three']],
  ['a verylongword b', 6, ['a', 'verylongword', 'b']],
  ['', 10, ['']],
])('breaks "%s" at %f columns', (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines);
});

it('indents what follows a label', () => {
  expect(hanging('ok   ', 'one two three', 12)).toEqual(['ok   one two', '     three']);
});

import { expect, it } from 'vitest';
import { duplicateKey } from './duplicate-key.ts';

it.each([
  ['{"a": 1, "b": {"a": 2}, "c": [{"a": 1}, {"a": 1}]}', undefined],
  ['{"a": "a", "b": "\\"a\\":{", "c": []}', undefined],
  ['{"a": 1, "b": 2, "a": 3}', 'a'],
  ['{"a": 1, "\\u0061": 3}', 'a'],
  ['{"a": 1, "x": [1], "a": 3}', 'a'],
  ['{"a": "{", "a": 1}', 'a'],
  ['{"x": [{"k" : 1, "l": {}, "k": 2}]}', 'k'],
])('%s: %j', (text, key) => {
  JSON.parse(text);
  expect(duplicateKey(text)).toBe(key);
});

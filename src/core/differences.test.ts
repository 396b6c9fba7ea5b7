import { expect, it } from 'vitest';
import { differencesOf } from './differences.ts';

it.each<[unknown, unknown, string[]]>([
  [{ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, []],
  [
    { evaluation: { episodes: 30, epsilon: 0 } },
    { evaluation: { episodes: 10, epsilon: 0 } },
    ['evaluation.episodes 30, now 10'],
  ],
  [{ a: 1 }, { b: 'x' }, ['a 1, now none', 'b none, now "x"']],
  [{ a: { b: { c: null } } }, { a: { b: { c: false } } }, ['a.b.c null, now false']],
  // Lists are compared as one value, and an object with something else.
  [{ a: [1, 2] }, { a: [2, 1] }, ['a [1,2], now [2,1]']],
  [{ a: { b: 1 } }, { a: 1 }, ['a {"b":1}, now 1']],
  [{ a: 1 }, { a: { b: 1 } }, ['a 1, now {"b":1}']],
])('%j, now %j', (before, now, differences) => {
  expect(differencesOf(before, now)).toEqual(differences);
});

it('names the place where they stand', () => {
  expect(differencesOf(1, 2, 'seeds')).toEqual(['seeds 1, now 2']);
  expect(differencesOf({ low: 1 }, { low: 2 }, 'space')).toEqual(['space.low 1, now 2']);
});

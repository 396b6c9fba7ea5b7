import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

it.each<[string, string[], string | undefined]>([
  ['sarse', ['sarsa', 'q-learning'], 'sarsa'],
  ['SARSA', ['sarsa'], 'sarsa'],
  ['sarsa', ['SARSA'], 'SARSA'],
  // The fewest edits, and the first of equals.
  ['cat', ['cart', 'cats', 'car'], 'cart'],
  ['boat', ['beast', 'bat', 'coat'], 'bat'],
  // Short names may differ by two letters, longer ones by fewer than half.
  ['ab', ['cd'], 'cd'],
  ['abc', ['xyz'], undefined],
  ['abcdefgh', ['abcdewww'], 'abcdewww'],
  ['abcdefgh', ['abcdwwww'], undefined],
  ['abcdefghi', ['abcdewwww'], 'abcdewwww'],
  ['anything', [], undefined],
  // Not compared: a million characters would take minutes.
  ['a'.repeat(1001), ['a'.repeat(1000)], undefined],
])('to %s in %j is %s', (name, known, expected) => {
  expect(nearest(name, known)).toBe(expected);
});

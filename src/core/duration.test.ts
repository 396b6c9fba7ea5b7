import { expect, it } from 'vitest';
import { formatDuration, formatElapsed } from './duration.ts';

it.each([
  [0, '1 s'],
  [41.4, '41 s'],
  [59.4, '59 s'],
  [59.5, '1 min'],
  [3569, '59 min'],
  [3571, '1 h'],
  // Never "1 h 60 min".
  [7199, '2 h'],
  [4800, '1 h 20 min'],
  [30 * 3600, '30 h'],
  [3 * 86_400, '3 d'],
])('%f s are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it.each([
  [0.449, '0.4 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min'],
  [65, '1 min 5 s'],
  [3599.6, '1 h'],
  [7380, '2 h 3 min'],
])('%f s took %s', (seconds, text) => {
  expect(formatElapsed(seconds)).toBe(text);
});

import { expect, it } from 'vitest';
import { OneTimeKeys } from './one-time-keys.ts';

it('opens once, and not for ever', () => {
  let now = 0;
  const keys = new OneTimeKeys(() => now);
  const [first, second, late] = [keys.make(), keys.make(), keys.make()];
  expect(new Set([first, second, late]).size).toBe(3);
  expect(keys.take(first)).toBe(true);
  expect(keys.take(first)).toBe(false);
  expect(keys.take('')).toBe(false);
  now = 119_999;
  expect(keys.take(second)).toBe(true);
  now = 120_000;
  expect(keys.take(late)).toBe(false);
});

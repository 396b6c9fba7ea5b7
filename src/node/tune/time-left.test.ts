import { expect, it } from 'vitest';
import { timeLeft } from './time-left.ts';

it('tells the time of the rest before the first of it is done, but not from its first moments', () => {
  expect(timeLeft(30, 0.5, 9.5)).toBe(570);
  expect(timeLeft(30, 2, 8)).toBe(120);
  expect([timeLeft(1, 0, 10), timeLeft(1, 0.1, 9.9)]).toEqual([undefined, undefined]);
});

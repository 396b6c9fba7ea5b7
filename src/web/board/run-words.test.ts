import { expect, it } from 'vitest';
import { boardRun } from '../../../test/support/board-run.ts';
import { ago, bytes, count, progress, reward, speed, timeLeft } from './run-words.ts';

it('says numbers as people read them', () => {
  expect([count(null), count(1234.4), speed(1234), speed(3.25)]).toEqual(['–', '1,234', '1,234/s', '3.3/s']);
  expect([reward(null), reward(-19.5), reward(0.74231), reward(12_345.6)]).toEqual(['–', '−19.5', '0.7423', '12,346']);
  expect([bytes(12), bytes(1500), bytes(25e6), bytes(2.04e9)]).toEqual(['12 bytes', '1.5 kB', '25 MB', '2.0 GB']);
  expect([ago(0, 5000), ago(0, 125_000), ago(0, 7.3e6), ago(0, 3e8)]).toEqual([
    '5 s ago',
    '2 min ago',
    '2 h ago',
    '3 d ago',
  ]);
});

it('says the time left, and how far a training is by it', () => {
  const run = boardRun('a', { step: 500, maxSteps: 4000, speed: 100, secondsLeft: 5 });
  expect([timeLeft(run), progress(run)]).toEqual(['about 5 s left', 0.5]);
  expect(timeLeft({ ...run, secondsLeft: 62, atMost: true })).toBe('at most 1 min left');
  expect([timeLeft({ ...run, secondsLeft: null }), progress({ ...run, secondsLeft: null })]).toEqual([
    undefined,
    0.125,
  ]);
  expect(progress({ ...run, step: null })).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { multiples, UpdateSchedule } from './update-schedule.ts';

describe('multiples', () => {
  it.each([
    [4, 0, 3, 0],
    [4, 3, 4, 1],
    [4, 4, 8, 1],
    [4, 3, 12, 3],
    [1, 5, 9, 4],
  ])('of %i above %i and at most at %i: %i', (interval, before, step, expected) => {
    expect(multiples(interval, before, step)).toBe(expected);
  });
});

describe('UpdateSchedule', () => {
  const schedule = new UpdateSchedule({
    environments: 3,
    trainInterval: 10,
    gradientSteps: 2,
    targetUpdateInterval: 25,
  });

  it('learns gradientSteps times for each multiple of the train interval that is passed', () => {
    expect([3, 6, 9, 12, 15, 18, 21].map((step) => schedule.updates(step - 3, step))).toEqual([0, 0, 0, 2, 0, 0, 2]);
    expect(schedule.updates(0, 30)).toBe(6);
  });

  it('syncs the target network once for a step that passes its interval', () => {
    expect([21, 24, 27, 30].map((step) => schedule.syncs(step - 3, step))).toEqual([false, false, true, false]);
  });

  it.each([0, 3, 6, 9, 12, 18, 21])('counts the steps of all environments from %i to the next update', (from) => {
    let step = from;
    let actings = 0;
    do {
      step += 3;
      actings++;
    } while (schedule.updates(step - 3, step) === 0);
    expect(schedule.actingsToUpdate(from)).toBe(actings);
  });
});

import { expect, it } from 'vitest';
import { describeTimeLeft } from './bar-text.ts';
import { TimeLeft, type TimeLeftOptions } from './time-left.ts';

/** A training whose steps take a second each, with its clock. */
function at(options: Partial<TimeLeftOptions> = {}) {
  let seconds = 0;
  const left = new TimeLeft({
    ...{ usual: undefined, maxSteps: 10_000, bound: 100, first: 0, now: () => 1000 * seconds },
    ...options,
  });
  return {
    left,
    /** Trains up to a step, as a bar that is redrawn at each. @param reward of a step. */
    to(step: number, reward?: (step: number) => number) {
      while (seconds < step) {
        seconds++;
        if (reward !== undefined) left.addReward(seconds, reward(seconds));
        left.estimate(seconds);
      }
      return left.estimate(seconds);
    },
  };
}

it('takes what is usual at once, before this machine has a speed', () => {
  const { left } = at({ usual: { steps: 600, minutes: 20 } });
  expect(left.estimate(0)).toEqual({ total: 600, seconds: 1200, atMost: false });
});

it('goes by its own speed once some of the usual steps are done', () => {
  const { to } = at({ usual: { steps: 600, minutes: 20 } });
  // Half as long as usual: a second a step instead of two.
  expect(to(60)).toMatchObject({ total: 600, atMost: false });
  expect(to(60).seconds).toBeCloseTo(540, 6);
});

it('knows without anything usual what it takes at most, and says so', () => {
  const { to } = at();
  expect(to(3).seconds).toBeUndefined();
  expect(to(100)).toEqual({ total: 10_000, seconds: 9900, atMost: true });
});

it('knows the end of a training without a bound', () => {
  expect(at({ bound: null }).to(100)).toEqual({ total: 10_000, seconds: 9900, atMost: false });
});

it('expects the bound where the line through the recent rewards reaches it', () => {
  // From 0 to 100 in 500 steps, flat before.
  const climb = (step: number) => Math.max(0, (step - 100) / 5);
  const { to } = at();
  expect(to(300, climb).atMost).toBe(true);
  const estimate = to(500, climb);
  expect(estimate.atMost).toBe(false);
  expect(estimate.total).toBeGreaterThan(590);
  expect(estimate.total).toBeLessThan(610);
});

it('does not promise an end at once when the usual steps are over', () => {
  const { to } = at({ usual: { steps: 100, minutes: 1 } });
  expect(to(100, () => 1).total).toBeGreaterThan(110);
  // Far beyond them it knows the limit alone.
  expect(to(1000, () => 1)).toMatchObject({ total: 10_000, atMost: true });
});

it('counts the steps of earlier processes as done, but not as its own speed', () => {
  const { left } = at({ usual: { steps: 600, minutes: 10 }, first: 300 });
  expect(left.estimate(300)).toMatchObject({ total: 600, seconds: 300 });
});

it('never expects more than the limit, nor less than nothing', () => {
  const { to } = at({ usual: { steps: 600, minutes: 10 }, maxSteps: 200 });
  expect(to(100).total).toBe(200);
  expect(to(200)).toMatchObject({ total: 200, seconds: 0 });
});

it.each([
  [{ total: 1, seconds: undefined, atMost: false }, undefined],
  [{ total: 1, seconds: 12.4, atMost: false }, 'about 12 s left'],
  [{ total: 1, seconds: 42, atMost: false }, 'about 40 s left'],
  [{ total: 1, seconds: 7190, atMost: true }, 'at most 2 h left'],
])('%j in words', (estimate, text) => {
  expect(describeTimeLeft(estimate)).toBe(text);
});

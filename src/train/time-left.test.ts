import { describe, expect, it } from 'vitest';
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

/** An estimator whose clock the test moves. */
function timed(options: Partial<TimeLeftOptions> = {}) {
  const clock = { now: 70_000 };
  const base = { usual: undefined, maxSteps: 10_000, bound: 100, first: 0, now: () => clock.now };
  return { clock, left: new TimeLeft({ ...base, ...options }) };
}

describe('the pace', () => {
  // Two seconds a step is usual.
  const usual = { steps: 1000, minutes: 2000 / 60 };

  it('is the usual one for five seconds, then its own the more the nearer a twentieth of the usual steps', () => {
    const { clock, left } = timed({ usual, first: 100, bound: null, maxSteps: 1100 });
    clock.now += 4999;
    expect(left.estimate(110).seconds).toBeCloseTo(990 * 2, 6);
    clock.now = 75_000;
    // Half a second a step so far, of which a fifth is believed.
    expect(left.estimate(110).seconds).toBeCloseTo(990 * (0.2 * 0.5 + 0.8 * 2), 6);
    clock.now = 82_500;
    expect(left.estimate(125).seconds).toBeCloseTo(975 * (0.5 * 0.5 + 0.5 * 2), 6);
    clock.now = 95_000;
    expect(left.estimate(150).seconds).toBeCloseTo(950 * 0.5, 6);
    clock.now = 120_000;
    expect(left.estimate(200).seconds).toBeCloseTo(900 * 0.5, 6);
  });

  it('is unknown while nothing moves, where nothing is usual', () => {
    const { clock, left } = timed({ bound: null });
    clock.now += 9000;
    expect(left.estimate(0).seconds).toBeUndefined();
    const other = timed({ usual, bound: null });
    other.clock.now += 9000;
    expect(other.left.estimate(0).seconds).toBeCloseTo(20_000, 6);
  });

  it('is that of the last minute', () => {
    const { clock, left } = timed({ bound: null, maxSteps: 1000 });
    // A hundred seconds of two steps each, then of one.
    let step = 0;
    for (let second = 1; second <= 200; second++) {
      clock.now += 1000;
      step += second <= 100 ? 2 : 1;
      left.estimate(step);
    }
    expect(left.estimate(step)).toEqual({ total: 1000, seconds: 700, atMost: false });
  });
});

describe('the end by what is usual', () => {
  const usual = { steps: 600, minutes: 10 };

  it('is 15 % beyond a step near or after it, and nothing from twice as many steps on', () => {
    const first = (step: number) => timed({ usual }).left.estimate(step);
    expect(first(0).total).toBe(600);
    expect(first(500).total).toBe(600);
    expect(first(600).total).toBeCloseTo(690, 9);
    expect(first(1200)).toMatchObject({ total: 1200 * 1.15, atMost: false });
    expect(first(1201)).toMatchObject({ total: 10_000, atMost: true });
  });

  it('moves to a new estimate within five seconds', () => {
    const { clock, left } = timed({ usual });
    left.estimate(0);
    clock.now += 1000;
    expect(left.estimate(600).total).toBeCloseTo(600 + 90 / 5, 9);
    clock.now += 2500;
    expect(left.estimate(600).total).toBeCloseTo(618 + 72 / 2, 9);
    clock.now += 6000;
    expect(left.estimate(600).total).toBeCloseTo(690, 9);
    // What was expected is not less than what is done.
    clock.now += 500;
    expect(left.estimate(800).total).toBe(800);
  });
});

describe('the end by the curve', () => {
  /** Rewards every ten steps, asked for once. */
  function expected(last: number, reward: (step: number) => number, options: Partial<TimeLeftOptions> = {}, from = 10) {
    const { left } = timed(options);
    for (let step = from; step <= last; step += 10) left.addReward(step, reward(step));
    return left.estimate(last);
  }

  it('is where the line meets the bound, from half of the way on', () => {
    expect(expected(600, (step) => step / 10).total).toBeCloseTo(1000, 6);
    expect(expected(510, (step) => step / 10)).toMatchObject({ atMost: false });
    expect(expected(490, (step) => step / 10)).toMatchObject({ total: 10_000, atMost: true });
    // Half of the way from the lowest reward: from -100 it is at 0.
    expect(expected(990, (step) => step / 10 - 100)).toMatchObject({ atMost: true });
    expect(expected(1020, (step) => step / 10 - 100).total).toBeCloseTo(2000, 6);
  });

  it('goes by the last 30 % of the steps', () => {
    // 60 at 700, then a third as fast.
    const bent = (step: number) => (step <= 700 ? (60 * step) / 700 : 60 + (step - 700) / 35);
    expect(expected(1000, bent).total).toBeCloseTo(1000 + (100 - bent(1000)) * 35, 6);
  });

  it('is of the straight line that fits best', () => {
    const { left } = timed();
    left.addReward(1, 0);
    const rewards = [50, 58, 54, 66, 62];
    for (const [i, reward] of rewards.entries()) left.addReward(80 + 5 * i, reward);
    // By hand: deviations (-10, -5, 0, 5, 10) and (-8, 0, -4, 8, 4), so a slope of 160 / 250.
    expect(left.estimate(100).total).toBeCloseTo(100 + 38 / 0.64, 9);
  });

  it('needs five recent rewards, and a climb', () => {
    const few = (count: number) => {
      const { left } = timed();
      left.addReward(1, 0);
      for (let i = 0; i < count; i++) left.addReward(80 + 4 * i, 60 + i);
      return left.estimate(100).atMost;
    };
    expect([few(4), few(5)]).toEqual([true, false]);
    expect(expected(1000, (step) => Math.min(80, step)).atMost).toBe(true);
    expect(expected(1000, (step) => 90 - step / 50).atMost).toBe(true);
  });

  it('is now where the bound is reached', () => {
    expect(expected(600, (step) => step / 5)).toMatchObject({ total: 600, atMost: false });
  });

  it('counts beside what is usual the more the nearer the bound is', () => {
    const usual = { steps: 2000, minutes: 10 };
    // At 0.6 of the way two fifths, at 0.9 alone.
    expect(expected(600, (step) => step / 10, { usual }, 0).total).toBeCloseTo(0.4 * 1000 + 0.6 * 2000, 6);
    expect(expected(900, (step) => step / 10, { usual }, 0).total).toBeCloseTo(1000, 6);
    expect(expected(1000, (step) => step / 10, { usual }, 0).total).toBeCloseTo(1000, 6);
    expect(expected(600, (step) => step / 10, { usual, maxSteps: 1500 }, 0).total).toBe(1500);
  });

  it('notes one reward in a hundredth of the steps, whatever comes between', () => {
    const { left } = timed();
    for (let step = 10; step <= 1000; step += 10) {
      left.addReward(step, step / 16);
      if (step > 200) left.addReward(step + 1, 49);
    }
    expect(left.estimate(1000).total).toBeCloseTo(1600, 6);
    const { left: wide } = timed();
    // A hundredth further on counts.
    for (const [step, reward] of [
      [1, 0],
      [800, 50],
      [850, 55],
      [900, 60],
      [950, 65],
      [960, 80],
    ])
      wide.addReward(step, reward);
    expect(wide.estimate(960).total).toBeLessThan(1100);
  });

  it('does not tire of a long training', () => {
    expect(expected(60_000, (step) => step / 1000, { maxSteps: 1e6 }).total).toBeCloseTo(100_000, 3);
  });
});

it.each([
  [{ total: 1, seconds: undefined, atMost: false }, undefined],
  [{ total: 1, seconds: 12.4, atMost: false }, 'about 12 s left'],
  [{ total: 1, seconds: 19, atMost: false }, 'about 19 s left'],
  [{ total: 1, seconds: 20, atMost: false }, 'about 20 s left'],
  [{ total: 1, seconds: 23, atMost: false }, 'about 25 s left'],
  [{ total: 1, seconds: 42, atMost: false }, 'about 40 s left'],
  [{ total: 1, seconds: 7190, atMost: true }, 'at most 2 h left'],
])('%j in words', (estimate, text) => {
  expect(describeTimeLeft(estimate)).toBe(text);
});

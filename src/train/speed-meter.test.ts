import { describe, expect, it } from 'vitest';
import { SpeedMeter } from './speed-meter.ts';

describe('SpeedMeter', () => {
  it('says nothing before 100 ms are over, then what was done in them', () => {
    let time = 1000;
    const meter = new SpeedMeter(() => time);
    expect(meter.speed(5)).toBeUndefined();
    time += 99;
    expect(meter.speed(5)).toBeUndefined();
    time += 1;
    expect(meter.speed(5)).toBe(50);
  });

  it('gives the same value within an instant, never 0 or one divided by nothing', () => {
    let time = 0;
    const meter = new SpeedMeter(() => time);
    time = 1000;
    expect([meter.speed(100), meter.speed(100)]).toEqual([100, 100]);
  });

  it('forgets what was longer than the last seconds ago', () => {
    let time = 0;
    const meter = new SpeedMeter(() => time);
    let step = 0;
    // 10 s of 10 steps a second, then 10 s of 1000.
    for (const rate of [1, 100]) {
      for (let tenth = 0; tenth < 100; tenth++) {
        time += 100;
        step += rate;
        meter.count(step);
      }
      // The oldest mark is between 5 and 5.3 s old.
      expect(meter.speed(step)).toBeCloseTo(10 * rate, 8);
    }
  });

  it('begins anew at a step', () => {
    let time = 0;
    const meter = new SpeedMeter(() => time);
    time = 1000;
    meter.count(1);
    meter.restart(1_000_000);
    expect(meter.speed(1_000_000)).toBeUndefined();
    time = 2000;
    expect(meter.speed(1_000_010)).toBe(10);
  });

  it('measures from the last mark that is 5 s old, with a mark every 250 ms', () => {
    let time = 0;
    const meter = new SpeedMeter(() => time);
    // As the square of the time grows, the mean speed since t0 tells what t0 is: (t² - t0²) / (t - t0) = t + t0.
    const since = () => meter.speed(time ** 2)! / 1000 - time;
    const seen: number[] = [];
    for (; time <= 10_250; time += 50) {
      meter.count(time ** 2);
      if (time >= 9950) seen.push(since());
    }
    expect(seen).toEqual([4750, 5000, 5000, 5000, 5000, 5000, 5250]);
  });
});

import { describe, expect, it } from 'vitest';
import { FrameClock } from './frame-clock.ts';

const framesOver = (clock: FrameClock, pictures: readonly number[]): number[] => pictures.map((ms) => clock.due(ms));

describe('FrameClock', () => {
  it('plays one frame a picture at the same rate, with jitter', () => {
    const jitter = [16.7, 15.1, 18.2, 16.6, 16.9, 14.8, 18.4];
    expect(framesOver(new FrameClock(60), jitter)).toEqual(jitter.map(() => 1));
  });

  it.each([
    [60, 1000 / 144, 144, 60],
    [60, 1000 / 30, 30, 60],
    [15, 1000 / 60, 60, 15],
    [240, 1000 / 60, 60, 240],
  ])('at %i frames a second and pictures every %f ms, %i pictures show %i frames', (rate, ms, pictures, frames) => {
    const played = framesOver(new FrameClock(rate), Array<number>(pictures).fill(ms));
    expect(played.reduce((sum, n) => sum + n)).toBeCloseTo(frames, -0.5);
    expect(Math.max(...played) - Math.min(...played)).toBeLessThanOrEqual(1);
  });

  it('forgets what it cannot catch up with', () => {
    const clock = new FrameClock(60);
    expect(clock.due(5000)).toBe(6);
    expect(clock.due(1000 / 60)).toBe(1);
  });
});

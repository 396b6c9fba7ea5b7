import { expect, it } from 'vitest';
import { BarText } from './bar-text.ts';

it('has the time left, steps, the speed of the last seconds and what the training says', () => {
  let now = 0;
  const bar = new BarText({
    ...{ unit: 'frames', usual: { steps: 3000, minutes: 10 }, maxSteps: 9000, bound: 1, first: 1000, now: () => now },
  });
  expect(bar.at(1000, '2 games')).toEqual({ total: 3000, text: 'about 7 min left | 1,000 frames | 2 games' });
  now = 500;
  expect(bar.at(1200, '3 games').text).toContain('1,200 frames, 400/s | 3 games');
  // A slow minute later the fast start is forgotten.
  for (let step = 1200; step < 1300; step++) {
    now += 600;
    bar.at(step, '');
  }
  now += 600;
  expect(bar.at(1300, '').text).toContain('1,300 frames, 1.7/s');
});

it('says nothing of time or speed while nothing is known', () => {
  const options = { unit: 'steps', usual: undefined, maxSteps: 9000, bound: 1, first: 0, now: () => 5 };
  expect(new BarText(options).at(0, 'best reward -')).toEqual({ total: 9000, text: '0 steps | best reward -' });
});

it.each([
  ['reward_mean', { reward_mean: 0.6, reward: 40 }, 0.6],
  ['reward, where there is no mean', { reward: 0.6 }, 0.6],
])('goes by the %s that is logged', (_, values, reward) => {
  let now = 0;
  const text = (told: boolean) => {
    const bar = new BarText({ unit: 'steps', usual: undefined, maxSteps: 9000, bound: 1, first: 0, now: () => now });
    bar.addScalars(1, { ...values, reward_mean: 0, reward: 0 });
    for (let i = 0; told && i < 5; i++) {
      bar.addScalars(
        80 + 5 * i,
        Object.fromEntries(
          Object.keys(values).map((key) => [key, key === 'reward' && 'reward_mean' in values ? 40 : reward + i / 100]),
        ),
      );
    }
    bar.addScalars(100, { loss: 1 });
    now += 10_000;
    return bar.at(100, '').total;
  };
  // A hundredth in five steps, 0.36 to go.
  expect(text(true)).toBeCloseTo(100 + 0.36 * 500, 6);
  expect(text(false)).toBe(9000);
});

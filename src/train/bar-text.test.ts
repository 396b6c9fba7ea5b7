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

import { describe, expect, it } from 'vitest';
import { reportSteps, TrialReports } from '../tune/trial-reports.ts';
import { SentReports } from './sent-reports.ts';

describe('SentReports', () => {
  it('are few, and compare as all of them do', () => {
    const [steps, every] = [40_000, 7];
    const sent = new SentReports(reportSteps(steps), 100);
    const [whole, thinned] = [new TrialReports(steps, 1, 0), new TrialReports(steps, 1, 0)];
    for (let step = every; step <= steps; step += every) {
      const report = { step, seconds: 0, score: step % 1009 };
      sent.add(report);
      whole.add(0, report.step, report.score);
    }
    for (const { step, score } of sent.all) thinned.add(0, step, score!);
    for (const one of [whole, thinned]) one.end(0, steps);
    const means = whole.take();
    expect(means).toHaveLength(16);
    expect(thinned.take()).toEqual(means);
    expect(sent.all.length).toBeLessThanOrEqual(100 + 16);
    expect(sent.all.map(({ step }) => step)).toEqual(sent.all.map(({ step }) => step).toSorted((a, b) => a - b));
  });
});

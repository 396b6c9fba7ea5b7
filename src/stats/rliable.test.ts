/** Against rliable, the program of Agarwal et al. 2021: `test/oracle/rliable_scores.py` records what it says. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aggregateScores, interquartileMean, meanOfTasks, medianOfTasks, optimalityGap } from './aggregate-scores.ts';
import { bootstrapIntervals, type Interval } from './bootstrap.ts';
import { performanceProfile, performanceProfileBand } from './performance-profile.ts';
import { improvementInterval, probabilityOfImprovement } from './probability-of-improvement.ts';
import type { TaskScores } from './task-scores.ts';

/** [seed][low or high][number] */
type Recorded = readonly (readonly [readonly number[], readonly number[]])[];
interface Case {
  readonly x: TaskScores;
  readonly y: TaskScores;
  readonly aggregates: readonly number[];
  readonly aggregateIntervals: Recorded;
  readonly gapAtHalf: number;
  readonly improvement: number;
  readonly improvementIntervals: Recorded;
  readonly profile: readonly number[];
  readonly profileIntervals: Recorded;
}
const { taus, reps, cases } = JSON.parse(readFileSync(new URL('fixtures/rliable.json', import.meta.url), 'utf8')) as {
  readonly taus: readonly number[];
  readonly reps: number;
  readonly cases: Readonly<Record<string, Case>>;
};

/**
 * Ours lie among the ends that rliable found with its seeds, or outside by a twentieth of the interval's width: at this many
 * resamples an end's standard error is a fiftieth of the width or less (normal statistics). Shares are multiples of a quantum.
 */
function expectAmong(ours: readonly Interval[], recorded: Recorded, quantum = 0): void {
  ours.forEach((interval, i) => {
    const ends = [0, 1].map((end) => recorded.map((one) => one[end][i]));
    const allowed = 0.05 * (Math.max(...ends[1]) - Math.min(...ends[0])) + quantum + 1e-12;
    ends.forEach((values, end) => {
      expect(interval[end], `number ${i}, end ${end}`).toBeGreaterThanOrEqual(Math.min(...values) - allowed);
      expect(interval[end], `number ${i}, end ${end}`).toBeLessThanOrEqual(Math.max(...values) + allowed);
    });
  });
}

describe.each(Object.entries(cases))('rliable, %s', (_, one) => {
  const { x, y } = one;
  const options = { seed: 7, resamples: 2 * reps };

  it('has the same point estimates', () => {
    const ours = [medianOfTasks(x), interquartileMean(x), meanOfTasks(x), optimalityGap(x)];
    ours.forEach((value, i) => {
      expect(Math.abs(value - one.aggregates[i])).toBeLessThan(1e-9);
    });
    expect(Math.abs(optimalityGap(x, 0.5) - one.gapAtHalf)).toBeLessThan(1e-9);
    expect(Math.abs(probabilityOfImprovement(x, y) - one.improvement)).toBeLessThan(1e-9);
    performanceProfile(x, taus).forEach((share, i) => {
      expect(Math.abs(share - one.profile[i])).toBeLessThan(1e-9);
    });
  });

  it('has the same intervals within sampling error', () => {
    const { median, interquartileMean: middle, mean, optimalityGap: gap } = aggregateScores(x, options);
    expectAmong(
      [median, middle, mean, gap].map(({ interval }) => interval!),
      one.aggregateIntervals,
    );
    expectAmong([improvementInterval(x, y, options)], one.improvementIntervals);
    expectAmong(performanceProfileBand(x, taus, options).intervals, one.profileIntervals, 1 / x.flat().length);
  });
});

describe('aggregates by hand', () => {
  const scores: TaskScores = [
    [0, 2],
    [1, 3],
    [10, 30],
  ];

  it('take runs and tasks as their formulas say', () => {
    expect(meanOfTasks(scores)).toBe((1 + 2 + 20) / 3);
    expect(medianOfTasks(scores)).toBe(2);
    // 0 1 2 3 10 30: a quarter of six is one and a half, so one leaves at each end.
    expect(interquartileMean(scores)).toBe((1 + 2 + 3 + 10) / 4);
    expect(optimalityGap(scores)).toBeCloseTo(1 / 6, 12);
    expect([...performanceProfile(scores, [-1, 0, 2, 30])]).toEqual([1, 5 / 6, 3 / 6, 0]);
  });

  it('count ties as half', () => {
    expect(probabilityOfImprovement([[1, 2]], [[1, 1]])).toBe(3 / 4);
    expect(probabilityOfImprovement(scores, scores)).toBe(0.5);
  });

  it('take tasks with different numbers of runs', () => {
    expect(meanOfTasks([[1], [2, 4]])).toBe(2);
    expect(interquartileMean([[1], [2, 4, 8]])).toBe(3);
  });
});

describe('bootstrapIntervals', () => {
  const mean = ([one]: readonly TaskScores[]) => [meanOfTasks(one)];

  it('draws runs within their task: what does not vary there has no width', () => {
    expect(
      bootstrapIntervals(
        [
          [
            [1, 1, 1],
            [5, 5],
          ],
        ],
        mean,
        { seed: 1 },
      ),
    ).toEqual([[3, 3]]);
  });

  it('has the standard error of a mean', () => {
    // 100 values of variance 1/12: a resample's mean has a deviation of sqrt(1/1200) nearly, the interval 1.96 of them each way.
    const values = Array.from({ length: 100 }, (_, i) => i / 99);
    const [[low, high]] = bootstrapIntervals([[values]], mean, { seed: 2, resamples: 20_000 });
    expect((high - low) / (2 * 1.96 * Math.sqrt(0.0859 / 100))).toBeCloseTo(1, 1);
    expect((low + high) / 2).toBeCloseTo(0.5, 2);
  });

  it('gives the same for the same seed, and leaves the scores alone', () => {
    const scores = [
      [1, 2, 5],
      [3, 9],
    ];
    const once = bootstrapIntervals([scores], mean, { seed: 3 });
    expect(bootstrapIntervals([scores], mean, { seed: 3 })).toEqual(once);
    expect(bootstrapIntervals([scores], mean, { seed: 4, resamples: 50 })).not.toEqual(once);
    expect(scores).toEqual([
      [1, 2, 5],
      [3, 9],
    ]);
  });

  it('claims no interval where a task has one run', () => {
    const { median } = aggregateScores([[1, 2], [3]], { seed: 1 });
    expect(median).toEqual({ value: 2.25, interval: undefined });
  });

  it.each([
    [() => meanOfTasks([]), /scores: got/],
    [() => interquartileMean([[1], []]), /scores: got/],
    [() => medianOfTasks([[1, Number.NaN]]), /scores: got/],
    [() => probabilityOfImprovement([[1]], [[1], [2]]), /got "1 and 2 tasks"/],
    [() => bootstrapIntervals([[[1]]], mean, { seed: 1, resamples: 0 }), /resamples: got 0/],
    [() => bootstrapIntervals([[[1]]], mean, { seed: 1, confidence: 1 }), /confidence: got 1/],
    [() => performanceProfile([[1]], [0, Number.NaN]), /taus: got NaN/],
  ])('refuses what it cannot take (%#)', (call, message) => {
    expect(call).toThrow(message);
  });
});

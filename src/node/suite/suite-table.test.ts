import { describe, expect, it } from 'vitest';
import type { SuiteSettings } from './suite-settings.ts';
import { type SuiteScore, suiteTable, tableMarkdown } from './suite-table.ts';

const PONG = 'PongNoFrameskip-v4';
const BREAKOUT = 'ALE/Breakout-v5';
const settings: SuiteSettings = {
  recipe: 'pqn',
  games: [PONG, BREAKOUT, 'CartPole-v1'],
  seeds: [0, 1],
  steps: 1000,
  set: { gamma: 0.9 },
  kwargs: {},
  evaluation: { episodes: 2, epsilon: 0.01, protocol: null },
  version: '1.2.3',
};
const played = { noops: 30, epsilon: 0.01 };
const score = (env: string, seed: number, returns: readonly number[], more: Partial<SuiteScore> = {}): SuiteScore => ({
  ...{ env, seed, step: 1000, unit: 'frames', frames: 4000, seconds: 90, protocol: played, returns },
  ...more,
});
// Pong: means 14.6 and -20.7, a person and a random player. Breakout: 59.3, twice a person's 28.8 above random.
const scores = [
  score(PONG, 1, [-20.7, -20.7], { seconds: 30 }),
  score(PONG, 0, [14, 15.2]),
  score(BREAKOUT, 0, [59.3]),
];

describe('a suite’s table', () => {
  it('has a row for each game with the means over its seeds', () => {
    const { rows } = suiteTable(settings, scores);
    const [pong, breakout, pole] = rows;
    expect(pong).toMatchObject({ env: PONG, finished: 2, asked: 2, steps: 1000, frames: 4000, minutes: 1 });
    expect(pong.scores.map(({ seed, mean }) => [seed, Number(mean.toFixed(9))])).toEqual([
      [0, 14.6],
      [1, -20.7],
    ]);
    expect(pong.score?.mean).toBeCloseTo(-3.05, 12);
    // Two values: 12.7062 times half of their distance.
    expect(pong.score?.ci95?.[1]).toBeCloseTo(-3.05 + 12.7062047 * 17.65, 4);
    expect(pong.humanNormalized).toBeCloseTo(0.5, 12);
    expect(breakout).toMatchObject({ finished: 1, reference: { random: 1.7, human: 30.5 } });
    expect(breakout.humanNormalized).toBeCloseTo(2, 12);
    expect(breakout.score?.ci95).toBeNull();
    expect(pole).toMatchObject({ finished: 0, score: null, reference: null, humanNormalized: null, minutes: null });
  });

  it('has aggregates of the games that a person’s score is known of', () => {
    const { aggregates } = suiteTable(settings, scores);
    expect(aggregates).toMatchObject({ games: 2, runs: 3 });
    expect(aggregates?.median.value).toBeCloseTo(1.25, 12);
    // 1, 0 and 2: a quarter of three is less than one, so none leaves.
    expect(aggregates?.interquartileMean.value).toBeCloseTo(1, 12);
    expect(aggregates?.median.interval).toBeUndefined();
    expect(suiteTable(settings, [score('CartPole-v1', 0, [9])]).aggregates).toBeNull();
    const both = suiteTable(settings, [...scores, score(BREAKOUT, 1, [30.5])]).aggregates;
    expect(both?.median.interval?.[0]).toBeLessThanOrEqual(both!.median.value);
  });

  it('is the same whatever the order of the scores', () => {
    expect(suiteTable(settings, scores.toReversed())).toEqual(suiteTable(settings, scores));
  });

  it('as Markdown has the numbers, dashes for what is not known, and how they were made', () => {
    const lines = tableMarkdown(suiteTable(settings, scores)).split('\n');
    expect(lines[0]).toBe(
      '| game | score | 95 % interval | random | human | human-normalised | minutes | steps | frames | runs |',
    );
    expect(lines[3]).toBe(`| ${BREAKOUT} | 59.3 | - | 1.70 | 30.5 | 2.000 | 1.5 | 1,000 | 4,000 | 1 of 2 |`);
    expect(lines[4]).toBe('| CartPole-v1 | - | - | - | - | - | - | - | - | 0 of 2 |');
    expect(lines).toContain('| human-normalised, 2 games, 3 runs | value | 95 % interval |');
    expect(lines).toContain('| median | 1.250 | - |');
    expect(lines).toContain('Recipe pqn, version 1.2.3, 1,000 steps, gamma=0.9.');
    expect(lines).toContain('Protocol: noops 30, epsilon 0.01.');
    const bare = tableMarkdown(suiteTable({ ...settings, games: ['CartPole-v1'] }, []));
    expect(bare.split('\n')[0]).toBe('| game | score | 95 % interval | minutes | steps | runs |');
  });

  it('has published scores beside, with where they are from', () => {
    const table = suiteTable(settings, scores);
    const lines = tableMarkdown(table, [{ title: 'Them', scores: { breakout: 77 }, note: 'Them: a paper.' }]).split(
      '\n',
    );
    expect(lines[0]).toContain('| human-normalised | Them | minutes |');
    expect(lines[2]).toContain('| 0.500 | - | 1.0 |');
    expect(lines[3]).toContain('| 2.000 | 77.0 | 1.5 |');
    expect(lines).toContain('Them: a paper.');
  });

  it('has aggregates of published scores over the same games, and none where one of them is missing', () => {
    const table = suiteTable(settings, scores);
    const note = 'A paper.';
    // A random player at Pong, a person at Breakout.
    const both = { title: 'Both', scores: { pong: -20.7, breakout: 30.5, seaquest: 1 }, note };
    const lines = tableMarkdown(table, [both, { title: 'One', scores: { breakout: 77 }, note }]).split('\n');
    expect(lines).toContain('| human-normalised, 2 games, 3 runs | value | 95 % interval | Both | One |');
    expect(lines).toContain('|---|--:|--:|--:|--:|');
    expect(lines).toContain('| median | 1.250 | - | 0.500 | - |');
    expect(lines).toContain('| optimality gap | 0.333 | - | 0.500 | - |');
    // Only what is finished here counts.
    const [pong] = scores;
    expect(tableMarkdown(suiteTable(settings, [pong]), [both])).toContain('| mean | 0.000 | - | 0.000 |\n');
  });

  it('refuses scores of different protocols in one line that says what differs', () => {
    const other = score(BREAKOUT, 1, [3], { protocol: { noops: 0, epsilon: 0.01 } });
    expect(() => suiteTable(settings, [...scores, other])).toThrow(
      /^Scores of different protocols do not go in one table: PongNoFrameskip-v4 seed 1 has noops 30, ALE\/Breakout-v5 seed 1 has noops 0\.$/,
    );
    // What is no game of Atari has other conditions.
    expect(
      suiteTable(settings, [...scores, score('CartPole-v1', 0, [9], { protocol: { noops: 0 } })]).rows,
    ).toHaveLength(3);
  });
});

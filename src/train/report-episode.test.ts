import { describe, expect, it } from 'vitest';
import { type EpisodeSummary, learningScalars, reportEpisode } from './report-episode.ts';

const summary: EpisodeSummary = {
  step: 300,
  games: 4,
  mean: 1.5,
  epsilon: 0.25,
  speed: 120,
  reward: 3,
  episodeSteps: 75,
  updates: 4,
  lossSum: 2,
  meanQSum: 6,
  bestMean: 1,
};

function reported(changes: Partial<EpisodeSummary>) {
  const lines: string[] = [];
  const rows: Readonly<Record<string, number>>[] = [];
  const best: number[] = [];
  const returned = reportEpisode(
    {
      line: (text) => void lines.push(text),
      scalars: (_, values) => void rows.push(values),
      best: (mean) => void best.push(mean),
    },
    { ...summary, ...changes },
  );
  return { lines, rows, best, returned };
}

describe('reportEpisode', () => {
  it('logs the game, the means since the last report, and a better mean', () => {
    expect(reported({})).toEqual({
      lines: ['300: done 4 games, mean reward 1.500, eps 0.25, speed 120.00 f/s', 'Best reward updated 1.000 -> 1.500'],
      rows: [{ epsilon: 0.25, speed: 120, loss: 0.5, mean_q: 1.5, reward_mean: 1.5, reward: 3, episode_steps: 75 }],
      best: [1.5],
      returned: 1.5,
    });
  });

  it('has no better mean in an equal one', () => {
    expect(reported({ bestMean: 1.5 })).toMatchObject({ best: [], returned: 1.5 });
    expect(reported({ bestMean: 1.5 }).lines).toHaveLength(1);
    expect(reported({ bestMean: 2 })).toMatchObject({ best: [], returned: 2 });
  });

  it('takes the first mean as the best without a line', () => {
    expect(reported({ bestMean: undefined })).toMatchObject({ best: [1.5], returned: 1.5 });
    expect(reported({ bestMean: undefined }).lines).toHaveLength(1);
  });

  it('leaves out what is not known yet: the speed, losses before an update', () => {
    const { lines, rows } = reported({ speed: undefined, updates: 0 });
    expect(lines[0]).toBe('300: done 4 games, mean reward 1.500, eps 0.25');
    expect(rows).toStrictEqual([{ epsilon: 0.25, reward_mean: 1.5, reward: 3, episode_steps: 75 }]);
  });

  it('reports to an observer that wants to know nothing', () => {
    expect(reportEpisode({}, summary)).toBe(1.5);
    expect(Object.keys(learningScalars(summary))).toEqual(['epsilon', 'speed', 'loss', 'mean_q']);
  });
});

import { describe, expect, it } from 'vitest';
import { gameNamed } from '../../atari/games/index.ts';
import { humanNormalizedScore, referenceScores } from '../../atari/human-scores.ts';
import { PUBLISHED_SCORES, publishedScores } from '../../atari/published-scores.ts';
import { medianOfTasks } from '../../stats/aggregate-scores.ts';
import { publishedColumns } from './published-columns.ts';

describe('published scores', () => {
  it('are of games that there are, which have reference scores', () => {
    for (const { frames, id } of PUBLISHED_SCORES) {
      for (const game of Object.values(frames).flatMap((scores) => Object.keys(scores))) {
        expect(gameNamed(game).name, id).toBe(game);
        expect(referenceScores(game), id).toBeDefined();
      }
    }
  });

  // Medians over the ten games that another program reckoned from Dopamine's files.
  it.each([
    ['dopamine-dqn-nature', 10_000_000, 0.15],
    ['dopamine-dqn', 10_000_000, 0.32],
    ['dopamine-rainbow', 10_000_000, 0.49],
    ['dopamine-rainbow', 40_000_000, 1.13],
    ['dopamine-iqn-impala', 40_000_000, 1.15],
  ])('%s at %d frames has the median %d', (id, frames, median) => {
    const scores = Object.entries(publishedScores(id).frames[frames]).map(([game, score]) => [
      humanNormalizedScore(game, score)!,
    ]);
    expect(scores).toHaveLength(10);
    expect(medianOfTasks(scores)).toBeCloseTo(median, 2);
  });

  it('are asked for by their id', () => {
    expect(() => publishedScores('dopamine-rainbov')).toThrow(/Did you mean "dopamine-rainbow"\?/);
  });
});

describe('columns of published scores', () => {
  it('are those of the same frames', () => {
    const [column] = publishedColumns(['dopamine-rainbow'], { protocol: 'sticky', frames: 40_001_024 });
    expect(column.title).toBe('Dopamine Rainbow');
    expect(column.scores['breakout']).toBe(49.9);
    expect(column.note).toMatch(/training returns.*40M frames; google\/dopamine/);
  });

  it.each([
    [{ protocol: 'no-ops', frames: 10_000_000 }, 'protocol sticky, here no-ops.'],
    [{ protocol: 'sticky', frames: 4_000_000 }, '10M, 40M, 200M frames, here 4M.'],
    [{ protocol: undefined, frames: undefined }, 'protocol sticky, here none of them; 10M, 40M, 200M frames, here no.'],
  ])('of other conditions than %j are refused in one line that says what differs', (conditions, differences) => {
    expect(() => publishedColumns(['cleanrl-pqn'], { protocol: 'no-ops', frames: 40_000_000 })).not.toThrow();
    expect(() => publishedColumns(['dopamine-rainbow'], conditions)).toThrow(
      `dopamine-rainbow does not go beside these scores: ${differences}`,
    );
  });
});

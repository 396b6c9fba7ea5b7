import { describe, expect, it } from 'vitest';
import { GAMES } from './games/index.ts';
import { humanNormalizedScore, REFERENCE_GAMES, referenceScores } from './human-scores.ts';

describe('reference scores', () => {
  it('are there for the 57 games of the literature, all of them games of ours', () => {
    expect(REFERENCE_GAMES).toHaveLength(57);
    const known = GAMES.map(({ name }) => name);
    expect(REFERENCE_GAMES.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('have people above random players everywhere', () => {
    for (const game of REFERENCE_GAMES) {
      const { random, human } = referenceScores(game)!;
      expect(human, game).toBeGreaterThan(random);
    }
  });

  // Nature DQN's scores, by hand: Breakout (401.2 - 1.7) / 28.8, Pong 39.6 / 35.3, Boxing 71.7 / 12.
  it.each([
    ['BreakoutNoFrameskip-v4', 401.2, 1387],
    ['ALE/Pong-v5', 18.9, 112],
    ['enduro', 301.8, 35],
    ['SpaceInvadersDeterministic-v4', 1976, 120],
    ['ALE/Boxing-ram-v5', 71.8, 598],
  ])('%s: %d points are %d %% of a person', (game, score, percent) => {
    expect(humanNormalizedScore(game, score)! * 100).toBeCloseTo(percent, -1);
  });

  it('are unknown elsewhere', () => {
    for (const name of ['CartPole-v1', 'bellman/Pong-v0', 'PacmanNoFrameskip-v4', 'toString', 'Nothing-v4']) {
      expect(referenceScores(name), name).toBeUndefined();
      expect(humanNormalizedScore(name, 1), name).toBeUndefined();
    }
  });
});

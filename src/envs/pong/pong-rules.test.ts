import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Generator } from '../../core/random/index.ts';
import { FIRST_SERVE_FRAMES, PongGame, SERVE_FRAMES, slopeAfterHit } from './pong-rules.ts';

interface RecordedGame {
  readonly name: string;
  readonly actions: string;
  readonly frames: string;
}
const fixture = new URL('../../../test/oracle/fixtures/pong-games.json', import.meta.url);
const { games } = JSON.parse(readFileSync(fixture, 'utf8')) as { games: RecordedGame[] };

const inflate = (text: string): Uint8Array => inflateSync(Buffer.from(text, 'base64'));
const direction = (action: number): -1 | 0 | 1 => (action < 2 ? 0 : action % 2 === 0 ? -1 : 1);
const fires = (action: number): boolean => action === 1 || action > 3;
const serves = new Generator(0);

/** A game with the ball in flight at a place. */
function flying(state: Partial<PongGame>): PongGame {
  const game = new PongGame(false);
  game.reset();
  return Object.assign(game, { serveIn: 0, ballVisible: true, ...state });
}

describe('a game against the cartridge', () => {
  it.each(games)('is the same in every frame: $name', ({ actions, frames }) => {
    const played = inflate(actions);
    const expected = inflate(frames);
    const game = new PongGame(false);
    game.reset();
    for (let t = 0; t < played.length; t++) {
      const reward = game.advance(direction(played[t]), fires(played[t]), serves);
      const [x, y, opponent, player, rewardPlus1] = expected.subarray(5 * t, 5 * t + 5);
      // Before a serve the cartridge's ball has row 0 and an old column. Its opponent starts elsewhere, out of sight.
      const ball = game.ballVisible ? [game.ballX + 49, game.ballY + 14] : [x, 0];
      const paddles = [t < FIRST_SERVE_FRAMES ? opponent : game.opponentY + 15, game.paddle];
      const ours = [t, ...ball, ...paddles, reward + 1];
      if (ours.join() !== [t, x, y, opponent, player, rewardPlus1].join()) {
        expect(ours).toEqual([t, x, y, opponent, player, rewardPlus1]);
      }
    }
    expect(game.over).toBe(true);
    expect(played.length).toBeGreaterThan(3000);
  });
});

describe('slopeAfterHit', () => {
  it.each([
    [-4, -3],
    [-3, -2],
    [0, -2],
    [1, -1],
    [4, -1],
    [5, 0],
    [8, 0],
    [9, 1],
    [12, 1],
    [13, 2],
    [16, 2],
  ])('%i rows below the top of the paddle: %i', (offset, slope) => {
    expect(slopeAfterHit(offset)).toBe(slope);
  });
});

describe('the ball', () => {
  it.each([
    [{ ballY: 31, velocityY: -2 }, 34, 2],
    [{ ballY: 32, velocityY: -2 }, 30, -2],
    [{ ballY: 192, velocityY: 2 }, 189, -2],
    [{ ballY: 191, velocityY: 2 }, 193, 2],
    [{ ballY: 100, velocityY: 0 }, 100, 0],
  ])('turns at the walls: %o', (start, row, slope) => {
    const game = flying({ ballX: 80, velocityX: 1, ...start });
    game.moveBall();
    expect([game.ballY, game.velocityY]).toEqual([row, slope]);
  });

  it.each([
    [1, false, -1],
    [1, true, -2],
    [3, true, -4],
    [4, true, -4],
  ])('coming at speed %i, hit with fire %s, leaves at %i', (velocityX, fire, expected) => {
    const game = flying({ ballX: 140 - velocityX, velocityX, ballY: 100, velocityY: 0 });
    game.advance(0, fire, serves);
    expect(game.velocityX).toBe(expected);
    expect(game.velocityY).toBe(slopeAfterHit(100 + 14 - 109));
  });

  it('comes back from the opponent as fast as it went there', () => {
    const game = flying({ ballX: 22, velocityX: -3, ballY: 99, velocityY: 0, opponentY: 91 });
    game.advance(0, true, serves);
    expect([game.velocityX, game.velocityY]).toEqual([3, slopeAfterHit(99 - 91 - 1)]);
  });

  it('that is missed is a point, and the next serve flies to the loser', () => {
    const game = flying({ ballX: 155, velocityX: 4, ballY: 40, velocityY: -1 });
    expect(game.advance(0, false, serves)).toBe(0);
    expect(game.advance(0, false, serves)).toBe(-1);
    expect([game.playerScore, game.opponentScore]).toEqual([0, 1]);
    for (let i = 1; i < SERVE_FRAMES; i++) {
      game.advance(0, false, serves);
      expect(game.ballVisible).toBe(false);
    }
    game.advance(0, false, serves);
    expect([game.ballVisible, game.velocityX, game.velocityY]).toEqual([true, 1, -1]);
  });
});

describe('varied serves', () => {
  it('differ in row and slope and stay near the middle', () => {
    const game = new PongGame(true);
    const seen = new Set<string>();
    const generator = new Generator(5);
    for (let i = 0; i < 300; i++) {
      game.reset();
      for (let t = 0; t < FIRST_SERVE_FRAMES; t++) game.advance(0, false, generator);
      expect(game.ballVisible).toBe(true);
      expect(Math.abs(game.velocityY)).toBe(1);
      const row = game.ballY - game.velocityY;
      expect(row).toBeGreaterThanOrEqual(102);
      expect(row).toBeLessThanOrEqual(126);
      seen.add(`${row} ${game.velocityY}`);
    }
    expect(seen.size).toBe(26);
  });
});

describe('a steered opponent', () => {
  it('has a paddle that moves as the player does, whose movement is the cartridge: one row higher', () => {
    const game = new PongGame(true, 'steered');
    const generator = new Generator(5);
    game.reset();
    for (let t = 0; t < 3000 && !game.over; t++) {
      const held = (generator.integers(3) - 1) as -1 | 0 | 1;
      for (let i = generator.integers(1, 20); i > 0 && !game.over; i--) {
        game.opponentDirection = held;
        game.advance(held, false, generator);
        if (game.opponentY !== game.playerY - 1) expect([t, game.opponentY]).toEqual([t, game.playerY - 1]);
      }
    }
    expect(game.over).toBe(true);
  });

  // The paddle stands at 109, an odd place, and is drawn and hit a row lower: a ball `offset` rows below is `offset + 1` below it.
  it.each([
    [-2, false, -2, 2],
    [0, false, -1, 2],
    [4, false, 0, 2],
    [13, true, 2, 3],
  ])('returns a ball %i rows below its top, fire %s, with slope %i and speed %i', (offset, fire, slope, speed) => {
    const game = new PongGame(false, 'steered');
    game.reset();
    const ballY = game.opponentY + 1 + offset;
    Object.assign(game, { serveIn: 0, ballVisible: true, ballX: 21, ballY, velocityX: -2, velocityY: 0 });
    game.opponentFires = fire;
    game.advance(0, false, serves);
    expect([game.velocityX, game.velocityY]).toEqual([speed, slope]);
  });

  it('goes where its knob is turned, and stays in reach', () => {
    const game = new PongGame(false, 'steered');
    game.reset();
    for (const [row, rests] of [
      [60, 60],
      [150, 150],
      [-500, 24],
      [500, 190],
    ]) {
      game.turnKnob('opponent', row);
      game.turnKnob('player', row);
      for (let i = 0; i < 40; i++) game.advance(0, false, serves);
      expect(Math.abs(game.opponentY + 1 - rests)).toBeLessThanOrEqual(2);
      expect(game.playerY).toBe(game.opponentY + 1);
    }
  });
});

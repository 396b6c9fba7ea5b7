import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Generator } from '../../core/random/index.ts';
import { PongPicture } from './pong.draw.ts';
import { PongGame } from './pong-rules.ts';

interface RecordedGame {
  readonly name: string;
  readonly actions: string;
  readonly screens: Readonly<Record<string, readonly (readonly [colour: number, length: number])[]>>;
}
const fixture = new URL('../../../test/oracle/fixtures/pong-games.json', import.meta.url);
const { games } = JSON.parse(readFileSync(fixture, 'utf8')) as { games: RecordedGame[] };
const NUMBERS = Uint8Array.of(0, 1, 2, 3, 4);

describe('PongPicture', () => {
  it.each(games)('is the screen of the cartridge: $name', ({ actions, screens }) => {
    const played = inflateSync(Buffer.from(actions, 'base64'));
    const game = new PongGame(false);
    const picture = new PongPicture(1, NUMBERS);
    const generator = new Generator(0);
    game.reset();
    let compared = 0;
    for (let t = 0; t < played.length; t++) {
      const action = played[t];
      game.advance(action < 2 ? 0 : action % 2 === 0 ? -1 : 1, action === 1 || action > 3, generator);
      picture.draw(game);
      const runs = screens[t + 1];
      if (runs === undefined) continue;
      const expected = Uint8Array.from(runs.flatMap(([colour, length]) => new Array<number>(length).fill(colour)));
      expect(Buffer.compare(picture.data, expected), `frame ${t + 1}`).toBe(0);
      compared++;
    }
    expect(compared).toBe(Object.keys(screens).length);
  });

  it('painted step by step equals one painted at once, in every frame', () => {
    const generator = new Generator(11);
    const game = new PongGame(true);
    const steady = new PongPicture(1, NUMBERS);
    game.reset();
    for (let t = 0; t < 800 && !game.over; t++) {
      const direction = (generator.integers(3) - 1) as -1 | 0 | 1;
      game.advance(direction, generator.integers(2) === 1, generator);
      steady.draw(game);
      const fresh = new PongPicture(1, NUMBERS);
      fresh.draw(game);
      if (Buffer.compare(steady.data, fresh.data) !== 0) expect.fail(`frame ${t} differs`);
    }
  });

  it('shows both scores with two digits', () => {
    const game = new PongGame(false);
    game.reset();
    game.playerScore = 21;
    game.opponentScore = 17;
    const picture = new PongPicture(1, NUMBERS);
    picture.draw(game);
    // Sampled at the middle of each 4x4 cell.
    const row = (cell: number, x: number): string =>
      Array.from({ length: 7 }, (_, i) => picture.data[(1 + 4 * cell + 2) * 160 + x + 4 * i + 2] || '.').join('');
    expect([0, 1, 2, 3, 4].map((cell) => row(cell, 100))).toEqual([
      '222..2.',
      '..2..2.',
      '222..2.',
      '2....2.',
      '222..2.',
    ]);
    expect([0, 1, 2, 3, 4].map((cell) => row(cell, 20))).toEqual([
      '.3..333',
      '.3....3',
      '.3....3',
      '.3....3',
      '.3....3',
    ]);
  });
});

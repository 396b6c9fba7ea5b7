import { UnknownNameError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { GAMES } from './all.ts';
import type { Game } from './game.ts';

export { GAMES } from './all.ts';

const byName = new Map(GAMES.map((game) => [game.name, game]));
const byMd5 = new Map(GAMES.map((game) => [game.md5, game]));

/** A game by ALE's name.
 * @throws UnknownNameError with the nearest name. */
export function gameNamed(name: string): Game {
  const game = byName.get(name);
  if (game === undefined) {
    const names = GAMES.map((known) => known.name);
    throw new UnknownNameError('game', name, names, nearest(name, names));
  }
  return game;
}

/** The game with a cartridge of this MD5; undefined for any other. */
export function gameWithMd5(md5: string): Game | undefined {
  return byMd5.get(md5);
}

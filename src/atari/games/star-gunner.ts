import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { scored, selectUntil } from './rules.ts';

/** 10 is an empty place. */
function digit(byte: number): number {
  return (byte & 15) === 10 ? 0 : byte & 15;
}

export const starGunner: Game = {
  name: 'star_gunner',
  md5: 'a3c1c70024d7aabb41381adbfb6d3b25',
  actions: ALL_ACTIONS,
  modes: [0, 1, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x74], { hold: 15 }),
  rules: scored({
    score: (ram) => 100 * (digit(ram[0x03]) + 10 * digit(ram[0x04]) + 100 * digit(ram[0x05]) + 1000 * digit(ram[0x06])),
    // Five until the game has started.
    lives: (ram, { notes }) => {
      if (ram[0x07] === 5) notes[0] = 1;
      return notes[0] === 1 ? ram[0x07] & 15 : 5;
    },
    firstLives: 5,
    over: (ram) => ram[0x07] === 0,
  }),
};

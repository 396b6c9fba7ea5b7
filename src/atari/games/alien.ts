import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { scored, selectUntil } from './rules.ts';

/** A digit of the score is kept times 8; 0x80 is an empty place. */
function digit(byte: number): number {
  return byte === 0x80 ? 0 : byte >> 3;
}

export const alien: Game = {
  name: 'alien',
  md5: 'f1a0a23e6464d954e3a9579c4ccd01c8',
  actions: ALL_ACTIONS,
  modes: [0, 1, 2, 3],
  difficulties: [0, 1, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x01]),
  rules: scored({
    score: (ram) =>
      10 *
      (digit(ram[0x0b]) +
        10 * digit(ram[0x09]) +
        100 * digit(ram[0x07]) +
        1000 * digit(ram[0x05]) +
        10000 * digit(ram[0x03])),
    lives: (ram) => ram[0x40] & 15,
    firstLives: 3,
    over: (ram) => (ram[0x40] & 15) === 0,
    keepsLives: true,
  }),
};

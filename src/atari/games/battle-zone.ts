import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { scored, selectUntil } from './rules.ts';

/** 10 is an empty place. */
function digit(nibble: number): number {
  return nibble === 10 ? 0 : nibble;
}

export const battleZone: Game = {
  name: 'battle_zone',
  md5: '41f252a66c6301f1e8ab3612c19bc5d4',
  actions: ALL_ACTIONS,
  modes: [1, 2, 3],
  board: { hmoveBlanks: false },
  modeSelection: selectUntil((ram) => ram[0x21], { hold: 2 }),
  rules: scored({
    score: (ram) => 1000 * (digit(ram[0x1d] >> 4) + 10 * digit(ram[0x1e] & 15) + 100 * digit(ram[0x1e] >> 4)),
    lives: (ram) => ram[0x3a] & 15,
    firstLives: 5,
    over: (_, { lives }) => lives === 0,
  }),
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const atlantis2: Game = {
  name: 'atlantis2',
  md5: '826481f6fc53ea47c9f272f7050eedf7',
  actions: actions('NOOP FIRE RIGHTFIRE LEFTFIRE'),
  rules: scored({
    score: decimal(0x21, 0x22, 0x23),
    lives: (ram) => ram[0x71],
    over: (ram) => ram[0x71] === 0xff,
    // Bytes of the score are reused once the game is over.
    lastRewardIsZero: true,
  }),
};

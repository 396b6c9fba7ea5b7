import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil, signed } from './rules.ts';

export const et: Game = {
  name: 'et',
  md5: '615a3bf251a38eb6638cdc7ffbde5480',
  actions: ALL_ACTIONS,
  modes: [0, 1, 2],
  difficulties: [0, 1, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x6a] - 1, { hold: 25 }),
  rules: scored({
    score: decimal(0x61, 0x60, 0x5f),
    lives: (ram) => signed(ram[0x65] + 1),
    firstLives: 0,
    over: (ram, { lives }) => lives === 0 && ram[0x00] === 8,
  }),
};

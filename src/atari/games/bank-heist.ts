import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil } from './rules.ts';

export const bankHeist: Game = {
  name: 'bank_heist',
  md5: '00ce0bdd43aed84a983bef38fe7f5ee3',
  actions: ALL_ACTIONS,
  modes: range(0, 28, 4),
  difficulties: [0, 1, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x00]),
  rules: scored({
    score: decimal(0x5a, 0x59, 0x58),
    lives: (ram) => ram[0x55],
    firstLives: 5,
    over: (ram) => ram[0x4e] === 1 && ram[0x55] === 0,
  }),
};

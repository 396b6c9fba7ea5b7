import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const seaquest: Game = {
  name: 'seaquest',
  md5: '240bfbac5163af4df5ae713985386f92',
  actions: ALL_ACTIONS,
  difficulties: [0, 1],
  rules: scored({
    score: decimal(0x3a, 0x39, 0x38),
    lives: (ram) => ram[0x3b] + 1,
    firstLives: 4,
    over: (ram) => ram[0x23] !== 0,
  }),
};

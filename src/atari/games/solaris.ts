import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const solaris: Game = {
  name: 'solaris',
  md5: 'e72eb8d4410152bdcb69e7fba327b420',
  actions: ALL_ACTIONS,
  rules: scored({
    score: decimal(0x5c, 0x5d, 0x5e),
    scale: 10,
    lives: (ram) => ram[0x59] & 15,
    firstLives: 3,
    over: (ram) => ram[0x59] === 0,
  }),
};

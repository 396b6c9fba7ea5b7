import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { scored, twoDigits } from './rules.ts';

export const fishingDerby: Game = {
  name: 'fishing_derby',
  md5: 'b8865f05676e64f3bec72b9defdacfa7',
  actions: ALL_ACTIONS,
  difficulties: [0, 1, 2, 3],
  rules: scored({
    score: (ram) => twoDigits(ram[0x3d]) - twoDigits(ram[0x3e]),
    lives: 'none',
    over: (ram) => ram[0x3d] === 0x99 || ram[0x3e] === 0x99,
  }),
};

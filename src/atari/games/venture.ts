import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const venture: Game = {
  name: 'venture',
  md5: '3e899eba0ca8cd2972da1ae5479b4f0d',
  actions: ALL_ACTIONS,
  difficulties: [0, 1, 2, 3],
  rules: scored({
    score: decimal(0x48, 0x47),
    scale: 100,
    lives: (ram) => (ram[0x46] & 7) + 1,
    firstLives: 4,
    over: (ram) => ram[0x46] === 0 && ram[0x4d] === 0xff && (ram[0x3f] & 0x80) !== 0,
  }),
};

import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const montezumaRevenge: Game = {
  name: 'montezuma_revenge',
  md5: '3347a6dd59049b15a38394aa2dafa585',
  actions: ALL_ACTIONS,
  rules: scored({
    score: decimal(0x15, 0x14, 0x13),
    lives: (ram) => (ram[0x3a] & 7) + 1,
    firstLives: 6,
    over: (ram) => ram[0x3a] === 0 && ram[0x7e] === 0x60,
  }),
};

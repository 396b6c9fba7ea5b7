import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const assault: Game = {
  name: 'assault',
  md5: 'de78b3a064d374390ac0710f95edde92',
  actions: actions('NOOP FIRE UP RIGHT LEFT RIGHTFIRE LEFTFIRE'),
  rules: scored({
    score: decimal(0x02, 0x01, 0x00),
    lives: (ram) => ram[0x65],
    firstLives: 4,
    over: (ram) => ram[0x65] === 0,
  }),
};

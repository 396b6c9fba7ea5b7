import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const carnival: Game = {
  name: 'carnival',
  md5: '028024fb8e5e5f18ea586652f9799c96',
  actions: actions('NOOP FIRE RIGHT LEFT RIGHTFIRE LEFTFIRE'),
  board: { yStart: 26, height: 214 },
  rules: scored({
    score: decimal(0x2e, 0x2d),
    scale: 10,
    lives: 'none',
    // Out of bullets.
    over: (ram) => ram[0x03] === 0,
  }),
};

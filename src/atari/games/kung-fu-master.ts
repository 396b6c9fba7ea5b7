import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const kungFuMaster: Game = {
  name: 'kung_fu_master',
  md5: '5b92a93b23523ff16e2789b820e2a4c5',
  actions: actions(
    'NOOP UP RIGHT LEFT DOWN DOWNRIGHT DOWNLEFT RIGHTFIRE LEFTFIRE DOWNFIRE UPRIGHTFIRE UPLEFTFIRE DOWNRIGHTFIRE DOWNLEFTFIRE',
  ),
  rules: scored({
    score: decimal(0x1a, 0x19, 0x18),
    lives: (ram) => (ram[0x1d] & 7) + 1,
    firstLives: 4,
    over: (ram) => ram[0x1d] === 0xff,
  }),
};

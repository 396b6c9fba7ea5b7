import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const upNDown: Game = {
  name: 'up_n_down',
  md5: 'a499d720e7ee35c62424de882a3351b6',
  actions: actions('NOOP FIRE UP DOWN UPFIRE DOWNFIRE'),
  difficulties: [0, 1, 2, 3],
  board: { yStart: 30 },
  startingActions: [Action.FIRE],
  rules: scored({
    score: decimal(0x02, 0x01, 0x00),
    lives: (ram) => (ram[0x06] & 15) + 1,
    firstLives: 5,
    over: (ram) => ram[0x14] > 0x40 && (ram[0x06] & 15) === 0,
  }),
};

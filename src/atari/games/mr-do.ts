import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const mrDo: Game = {
  name: 'mr_do',
  md5: 'aa7bb54d2c189a31bb1fa20099e42859',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN UPFIRE RIGHTFIRE LEFTFIRE DOWNFIRE'),
  modes: [0, 1, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x00], { hold: 5 }),
  startingActions: [Action.FIRE],
  rules: scored({
    score: decimal(0x02, 0x03),
    scale: 10,
    lives: (ram) => ram[0x5b],
    firstLives: 4,
    over: (ram) => ram[0x5a] === 0x40,
  }),
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const tutankham: Game = {
  name: 'tutankham',
  md5: '085322bae40d904f53bdcc56df0593fc',
  actions: actions('NOOP UP RIGHT LEFT DOWN UPFIRE RIGHTFIRE LEFTFIRE'),
  modes: [0, 4, 8, 12],
  modeSelection: selectUntil((ram) => ram[0x2b], { hold: 2 }),
  rules: scored({
    score: decimal(0x1c, 0x1a),
    lives: (ram) => ram[0x1e] & 3,
    firstLives: 3,
    over: (ram) => ram[0x1e] === 0 && ram[0x01] !== 0x84,
  }),
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const msPacman: Game = {
  name: 'ms_pacman',
  md5: '87e79cd41ce136fd4f72cc6e2c161bee',
  actions: actions('NOOP UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT'),
  modes: [0, 1, 2, 3],
  board: { hmoveBlanks: false },
  modeSelection: selectUntil((ram) => (ram[0x21] === 0 ? ram[0x19] : ram[0x21] === 1 && ram[0x19] === 1 ? 0 : -1), {
    hold: 10,
  }),
  rules: scored({
    score: decimal(0x78, 0x79, 0x7a),
    lives: (ram) => (ram[0x7b] & 7) + 1,
    firstLives: 3,
    over: (ram) => (ram[0x7b] & 15) === 0 && ram[0x27] === 0x53,
  }),
};

import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const flagCapture: Game = {
  name: 'flag_capture',
  md5: '30512e0e83903fc05541d2f6a6a62654',
  actions: ALL_ACTIONS,
  modes: [8, 9, 10],
  modeSelection: selectUntil((ram) => ram[0x56], { hold: 2 }),
  rules: scored({
    score: decimal(0x6a),
    over: (ram) => ram[0x6b] === 0,
  }),
};

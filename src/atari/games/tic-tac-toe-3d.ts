import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { range, restart, selectUntil } from './rules.ts';

/** The winner is known when the stack holds the address of the routine that shows it. */
export const ticTacToe3d: Game = {
  name: 'tic_tac_toe_3d',
  md5: '0db4f4150fecf77e4ce72ca4d04c052f',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT'),
  modes: range(0, 8),
  difficulties: [0, 2],
  modeSelection: selectUntil((ram) => ram[0x08], { hold: 2 }),
  rules: {
    reset: restart(),
    step: (ram, state) => {
      const decided = ram[0x7f] === 0xf3 && ram[0x7e] === 0x10;
      state.reward = decided ? (ram[0x61] === 8 ? 1 : -1) : 0;
      if (decided || ram.subarray(0x1a, 0x5a).every((place) => place !== 0)) state.over = true;
    },
  },
};

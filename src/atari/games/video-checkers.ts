import { actions } from '../actions.ts';
import type { Game } from './game.ts';

const GIVEAWAY = 0;

/** Over when one side has no pieces left: a win, or a loss in giveaway checkers. */
export const videoCheckers: Game = {
  name: 'video_checkers',
  md5: '539d26b6e9df0da8e7465f0f5ad863b7',
  actions: actions('FIRE UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT'),
  modes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19],
  modeSelection: {
    apply: (console, mode, state) => {
      // Modes from 11 on are giveaway checkers, which the cartridge numbers from 17.
      const giveaway = mode >= 11;
      state.notes[GIVEAWAY] = giveaway ? 1 : 0;
      while (console.ram[0x76] !== (giveaway ? mode + 6 : mode)) console.pressSelect(1);
      console.softReset();
    },
  },
  rules: {
    // The kind of game outlasts a reset, as the mode does.
    reset: (state) => {
      state.reward = 0;
      state.over = false;
    },
    step: (ram, state) => {
      let black = 0;
      let white = 0;
      for (let square = 0x00; square <= 0x22; square++) {
        if (square % 9 === 8) continue;
        const piece = ram[square];
        if (piece === 0x10 || piece === 0x20) black++;
        else if (piece === 0x90 || piece === 0xa0) white++;
      }
      if (black !== 0 && white !== 0) return;
      state.over = true;
      state.reward = (black === 0) === (state.notes[GIVEAWAY] === 1) ? 1 : -1;
    },
  },
};

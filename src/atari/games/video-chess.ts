import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { range, restart, selectUntil } from './rules.ts';

const WHITE_TO_MOVE = 0x82;

/** Rewards mate, which byte 6E tells when it is white's turn: 0 black is mated, 1 white is. */
export const videoChess: Game = {
  name: 'video_chess',
  md5: 'f0b7db930ca0e548c41a97160b9f6275',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT'),
  modes: range(0, 4),
  modeSelection: selectUntil((ram) => ram[0x6a]),
  rules: {
    reset: restart({ lives: 1 }),
    step: (ram, state) => {
      state.reward = 0;
      if (ram[0x61] !== WHITE_TO_MOVE) return;
      const mate = ram[0x6e];
      if (mate > 1) return;
      state.reward = mate === 0 ? 1 : -1;
      state.over = true;
    },
  },
};

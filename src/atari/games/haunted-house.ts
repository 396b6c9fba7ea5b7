import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { livesUntilOver, range, restart, selectUntil, twoDigits } from './rules.ts';

/** Each match costs 1; leaving the house with the urn gives 100. */
export const hauntedHouse: Game = {
  name: 'haunted_house',
  md5: 'f0a6e99f5875891246c3dbecbf2d2cea',
  actions: ALL_ACTIONS,
  modes: range(0, 8),
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x4c], { hold: 2 }),
  rules: {
    reset: restart({ lives: 9 }),
    step: (ram, state) => {
      const matches = twoDigits(ram[0x02]);
      const escaped = ram[0x19] === 0x44;
      state.reward = (matches === state.score ? 0 : -1) + (escaped ? 100 : 0);
      state.score = matches;
      state.lives = ram[0x16];
      state.over = state.lives === 0 || escaped;
    },
    lives: livesUntilOver,
  },
};

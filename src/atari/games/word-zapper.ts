import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { range, restart, selectUntil, signed, times, twoDigits } from './rules.ts';

/** Rewards zapped words; over after three, or without time left. */
export const wordZapper: Game = {
  name: 'word_zapper',
  md5: 'ec3beb6d8b5689e867bafb5d5f507491',
  actions: ALL_ACTIONS,
  modes: range(0, 23),
  difficulties: [0, 1, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x5b], { hold: 2 }),
  startingActions: [...times(486, Action.NOOP), Action.FIRE, Action.NOOP, Action.NOOP],
  rules: {
    reset: restart(),
    step: (ram, state) => {
      // Nothing changes while the clock is dark.
      if (twoDigits(ram[0x4f]) === 0) return;
      const words = 2 - signed(ram[0x5c]);
      state.reward = words - state.score;
      state.score = words;
      state.over = words === 3 || twoDigits(ram[0x5e]) === 0;
    },
  },
};

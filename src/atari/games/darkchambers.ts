import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, restart, times } from './rules.ts';

const points = decimal(0x4c, 0x4f);
const LEVEL = 0;

/** Over without health, and when level or score fall: the game has begun again. */
export const darkchambers: Game = {
  name: 'darkchambers',
  md5: '106855474c69d08c8ffa308d47337269',
  actions: ALL_ACTIONS,
  board: { hmoveBlanks: false },
  startingActions: times(486, Action.NOOP),
  rules: {
    reset: restart(),
    step: (ram, state) => {
      state.reward = 0;
      const { notes } = state;
      const level = ram[0x55];
      if (level < notes[LEVEL]) {
        state.over = true;
        return;
      }
      notes[LEVEL] = level;
      const score = 10 * points(ram);
      if (score < state.score) {
        state.over = true;
      } else {
        state.reward = score - state.score;
        state.score = score;
      }
      if ((ram[0x4a] & 0x1f) === 0) state.over = true;
    },
  },
};

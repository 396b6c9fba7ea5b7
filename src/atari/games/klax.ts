import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { restart, twoDigits } from './rules.ts';

/** Values of a place of the well without a tile. */
const EMPTY: readonly number[] = [0, 2, 6, 10, 14];

/** Most of its variables live in the cartridge's own RAM. Over with too many misses, a full well, or after level 99. */
export const klax: Game = {
  name: 'klax',
  md5: 'eed9eaf1a0b6a2b9bc4c8032cb43e3fb',
  actions: ALL_ACTIONS,
  modes: [0, 1, 2],
  modeSelection: {
    apply: (console, mode) => {
      while (console.peek(0xf0ea) !== mode) console.pressSelect(2);
      console.softReset();
    },
  },
  startingActions: [Action.FIRE, Action.NOOP],
  rules: {
    reset: restart(),
    step: (ram, state, peek) => {
      const score = twoDigits(peek(0xf0b4)) + 100 * twoDigits(peek(0xf0b5)) + 10_000 * twoDigits(peek(0xf0b6));
      state.reward = score - state.score;
      state.score = score;
      const misses = peek(0xf0ee);
      const allowed = peek(0xf0e9);
      let tiles = 0;
      for (let place = 0x33; place < 0x33 + 25; place++) if (!EMPTY.includes(ram[place])) tiles++;
      const full = ram[0x28] === 4 && tiles === 25;
      state.over = (allowed > 0 && misses === allowed) || full || peek(0xf09d) === 0x99;
    },
  },
};

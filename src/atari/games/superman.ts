import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { restart, twoDigits } from './rules.ts';

/** Address of the Daily Planet's room. */
const PLANET = 0xf2ac;
/** 99 minutes and 59 seconds. */
const LONGEST = 5999;

/** Done when Clark Kent is back at the Daily Planet; the reward is the time left of 99:59. */
export const superman: Game = {
  name: 'superman',
  md5: 'a9531c763077464307086ec9a1fd057d',
  actions: ALL_ACTIONS,
  difficulties: [0, 1, 2, 3],
  rules: {
    reset: restart(),
    step: (ram, state) => {
      const seconds = 60 * twoDigits(ram[0x63]) + twoDigits(ram[0x62]);
      const room = ram[0x00] | (ram[0x01] << 8);
      state.over = (ram[0x1f] & 0x40) !== 0 && room === PLANET;
      state.reward = state.over ? LONGEST - seconds : 0;
    },
  },
};

import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { range, scored, selectUntil } from './rules.ts';

export const defender: Game = {
  name: 'defender',
  md5: '0f643c34e40e3f1daafd9c524d3ffe64',
  actions: ALL_ACTIONS,
  modes: [...range(1, 9), 16],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x1b], { hold: 2 }),
  rules: scored({
    // One digit a byte; 10 is an empty place.
    score: (ram) => {
      let score = 0;
      for (let place = 5; place >= 0; place--) {
        const digit = ram[0x1c + place] & 15;
        score = 10 * score + (digit === 10 ? 0 : digit);
      }
      return score;
    },
    lives: (ram) => ram[0x42],
    firstLives: 3,
    over: (_, { lives }) => lives === 0,
  }),
};

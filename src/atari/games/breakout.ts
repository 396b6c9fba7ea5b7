import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { range, scored, selectUntil, twoDigits } from './rules.ts';

export const breakout: Game = {
  name: 'breakout',
  md5: 'f34f08e5eb96e500e851a80be3277a56',
  actions: actions('NOOP FIRE RIGHT LEFT'),
  modes: range(0, 44, 4),
  difficulties: [0, 1],
  board: { left: 'paddles' },
  modeSelection: selectUntil((ram) => ram[0x32]),
  rules: scored({
    score: (ram) => twoDigits(ram[0x4d]) + 100 * (ram[0x4c] & 15),
    lives: (ram) => ram[0x39],
    firstLives: 5,
    // Out of balls, once five have been seen.
    over: (ram, { notes }) => {
      if (ram[0x39] === 5) notes[0] = 1;
      return notes[0] === 1 && ram[0x39] === 0;
    },
  }),
};

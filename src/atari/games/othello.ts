import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { scored, selectUntil, twoDigits } from './rules.ts';

export const othello: Game = {
  name: 'othello',
  md5: '113cd09c9771ac278544b7e90efe7df2',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT'),
  modes: [0, 1, 2],
  difficulties: [0, 2],
  modeSelection: selectUntil((ram) => ram[0x5e] - 1, { hold: 2 }),
  rules: scored({
    score: (ram) => twoDigits(ram[0x4e]) - twoDigits(ram[0x50]),
    // The game is done when it has taken no input for 50 frames.
    over: (ram, { notes }) => {
      notes[0] = ram[0x40] === 0 ? notes[0] + 1 : 0;
      return notes[0] > 50;
    },
  }),
};

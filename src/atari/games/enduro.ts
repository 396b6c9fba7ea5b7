import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

const carsToPass = decimal(0x2b, 0x2c);

export const enduro: Game = {
  name: 'enduro',
  md5: '94b92a882f6dbaa6993a46e2dcc58402',
  actions: actions('NOOP FIRE RIGHT LEFT DOWN DOWNRIGHT DOWNLEFT RIGHTFIRE LEFTFIRE'),
  startingActions: [Action.FIRE],
  rules: scored({
    // Cars passed: 200 on the first day, 300 on each later one.
    score: (ram) => {
      const day = ram[0x2d];
      if (day === 0) return 0;
      const passed = (day === 1 ? 200 : 300) - carsToPass(ram);
      return day === 1 ? passed : 200 + 300 * (day - 2) + passed;
    },
    lives: 'none',
    over: (ram) => ram[0x2f] === 0xff,
  }),
};

import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const berzerk: Game = {
  name: 'berzerk',
  md5: '136f75c4dd02c29283752b7e5799f978',
  actions: ALL_ACTIONS,
  modes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 18],
  modeSelection: {
    apply: (console, mode) => {
      for (let i = 0; i < 20; i++) console.act(Action.NOOP);
      while (console.ram[0x00] !== mode) console.pressSelect(2);
      console.softReset();
    },
  },
  rules: scored({
    score: decimal(0x5f, 0x5e, 0x5d),
    lives: (ram) => ram[0x5a] + 1,
    firstLives: 3,
    over: (ram) => ram[0x5a] === 0xff,
  }),
};

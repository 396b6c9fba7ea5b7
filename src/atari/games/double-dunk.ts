import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { range, scored, twoDigits } from './rules.ts';

/** Bits of the menu's byte, in the order of its rows. */
const OPTIONS = [0x08, 0x10, 0x04, 0x20] as const;

export const doubleDunk: Game = {
  name: 'double_dunk',
  md5: '368d88a6c071caba60b4f778615aae94',
  actions: ALL_ACTIONS,
  modes: range(0, 15),
  modeSelection: {
    // A menu: one option a row, each bit of the mode an option.
    apply: (console, mode) => {
      const { ram } = console;
      const tap = (action: Action): void => {
        console.act(action);
        console.act(Action.NOOP);
      };
      const nextRow = (): void => {
        const row = ram[0x30];
        while (ram[0x30] === row) tap(Action.DOWN);
      };
      console.pressSelect(1);
      nextRow();
      for (const [bit, option] of OPTIONS.entries()) {
        nextRow();
        const wanted = (mode >> bit) & 1;
        while (((ram[0x00] & option) !== 0 ? 1 : 0) !== wanted) tap(wanted === 1 ? Action.RIGHT : Action.LEFT);
      }
      console.softReset();
      tap(Action.UPFIRE);
    },
  },
  startingActions: [Action.UPFIRE],
  rules: scored({
    score: (ram) => twoDigits(ram[0x76]) - twoDigits(ram[0x77]),
    lives: 'none',
    over: (ram) => (twoDigits(ram[0x76]) >= 24 || twoDigits(ram[0x77]) >= 24) && ram[0x7e] === 0xe7,
  }),
};

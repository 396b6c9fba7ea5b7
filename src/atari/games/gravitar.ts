import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil, times } from './rules.ts';

export const gravitar: Game = {
  name: 'gravitar',
  md5: '8ac18076d01a6b63acf6e2cab4968940',
  actions: ALL_ACTIONS,
  modes: range(0, 4),
  modeSelection: selectUntil((ram) => ram[0x00], { hold: 10 }),
  startingActions: times(16, Action.FIRE),
  rules: scored({
    score: decimal(0x09, 0x08, 0x07),
    lives: (ram) => (ram[0x01] === 0 ? 6 : ram[0x04] + 1),
    firstLives: 6,
    over: (ram) => ram[0x01] === 1,
  }),
};

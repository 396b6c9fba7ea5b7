import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil } from './rules.ts';

export const privateEye: Game = {
  name: 'private_eye',
  md5: 'ef3a4f64b6494ba770862768caf04b86',
  actions: ALL_ACTIONS,
  modes: range(0, 4),
  difficulties: [0, 1, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x00], { hold: 2 }),
  startingActions: [Action.UP],
  rules: scored({
    score: decimal(0x4a, 0x49, 0x48),
    lives: 'none',
    over: (ram) => ram[0x42] > 1,
    firstScore: 1000,
  }),
};

import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil, times } from './rules.ts';

export const marioBros: Game = {
  name: 'mario_bros',
  md5: 'e908611d99890733be31733a979c62d8',
  actions: ALL_ACTIONS,
  modes: [0, 2, 4, 6],
  modeSelection: selectUntil((ram) => ram[0x00], { hold: 5 }),
  startingActions: [...times(10, Action.NOOP), ...times(7, Action.FIRE)],
  rules: scored({
    score: decimal(0x0a, 0x09),
    scale: 100,
    lives: (ram) => ram[0x07],
    firstLives: 0,
    over: (_, { lives }) => lives === 0,
  }),
};

import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const yarsRevenge: Game = {
  name: 'yars_revenge',
  md5: 'c5930d0e8cdae3e037349bfa08e871be',
  actions: ALL_ACTIONS,
  modes: [0, 32, 64, 96],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x63], { hold: 1, holdFirst: 2 }),
  startingActions: [Action.FIRE],
  rules: scored({
    score: decimal(0x62, 0x61, 0x60),
    lives: (ram) => ram[0x1e] >> 4,
    firstLives: 4,
    over: (_, { lives }) => lives === 0,
  }),
};

import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { scored, times } from './rules.ts';

export const entombed: Game = {
  name: 'entombed',
  md5: '6b683be69f92958abe0e2a9945157ad5',
  actions: ALL_ACTIONS,
  difficulties: [0, 2],
  startingActions: [Action.FIRE, ...times(5, Action.NOOP)],
  rules: scored({
    score: (ram) => ram[0x63],
    over: (ram) => (ram[0x47] & 3) === 0,
  }),
};

import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const pitfall2: Game = {
  name: 'pitfall2',
  md5: '6d842c96d5a01967be9680080dd5be54',
  actions: ALL_ACTIONS,
  startingActions: [Action.UP],
  rules: scored({
    score: decimal(0x49, 0x48, 0x47),
    over: (_ram, _, score) => score === 199_000,
    firstScore: 4000,
  }),
};

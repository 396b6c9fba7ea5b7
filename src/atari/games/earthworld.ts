import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const earthworld: Game = {
  name: 'earthworld',
  md5: '5aea9974b975a6a844e6df10d2b861c4',
  actions: ALL_ACTIONS,
  rules: scored({
    score: decimal(0x27),
    over: (_ram, _, score) => score === 10,
  }),
};

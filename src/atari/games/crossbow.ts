import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const crossbow: Game = {
  name: 'crossbow',
  md5: '8cd26dcf249456fe4aeb8db42d49df74',
  actions: ALL_ACTIONS,
  modes: [0, 2, 4, 6],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x0d] - 1, { hold: 2 }),
  rules: scored({
    score: decimal(0x0d, 0x0c, 0x0b),
    over: (ram) => ram[0x67] === 0x82,
  }),
};

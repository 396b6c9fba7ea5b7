import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil } from './rules.ts';

export const freeway: Game = {
  name: 'freeway',
  md5: '8e0ab801b1705a740b476b7f588c6d16',
  actions: actions('NOOP UP DOWN'),
  modes: range(0, 7),
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x00]),
  rules: scored({
    score: decimal(0x67),
    lives: 'none',
    over: (ram) => ram[0x16] === 1,
    reward: (change) => Math.min(1, Math.max(0, change)),
  }),
};

import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil } from './rules.ts';

export const hero: Game = {
  name: 'hero',
  md5: 'fca4a5be1251927027f2c24774a02160',
  actions: ALL_ACTIONS,
  modes: range(0, 4),
  modeSelection: selectUntil((ram) => ram[0x00]),
  rules: scored({
    score: decimal(0x39, 0x38, 0x37),
    lives: (ram) => ram[0x33],
    firstLives: 4,
    over: (_, { lives }) => lives === 0,
  }),
};

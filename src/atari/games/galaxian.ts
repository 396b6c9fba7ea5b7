import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil } from './rules.ts';

export const galaxian: Game = {
  name: 'galaxian',
  md5: '211774f4c5739042618be8ff67351177',
  actions: actions('NOOP FIRE RIGHT LEFT RIGHTFIRE LEFTFIRE'),
  modes: range(1, 9),
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x33]),
  rules: scored({
    score: decimal(0x2e, 0x2d, 0x2c),
    lives: (ram) => ram[0x39] + 1,
    firstLives: 3,
    over: (ram) => (ram[0x3f] & 0x80) !== 0,
    wrapsAt: 1_000_000,
  }),
};

import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const krull: Game = {
  name: 'krull',
  md5: '4baada22435320d185c95b7dd2bcdb24',
  actions: ALL_ACTIONS,
  rules: scored({
    score: decimal(0x1e, 0x1d, 0x1c),
    lives: (ram) => (ram[0x1f] & 7) + 1,
    firstLives: 3,
    over: (ram) => ram[0x1f] === 0 && ram[0x22] === 3 && ram[0x00] === 0x80,
  }),
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const tetris: Game = {
  name: 'tetris',
  md5: 'b0e1ee07fbc73493eac5651a52f90f00',
  actions: actions('NOOP FIRE RIGHT LEFT DOWN'),
  rules: scored({
    score: decimal(0x71, 0x72),
    lives: 'none',
    over: (ram) => (ram[0x73] & 0x80) !== 0,
    reward: (change) => Math.max(0, change),
  }),
};

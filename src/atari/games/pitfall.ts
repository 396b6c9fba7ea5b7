import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

/** Lives by the upper half of byte 0: a picture of the men left. */
const LIVES: Readonly<Record<number, number>> = { 10: 3, 8: 2 };

export const pitfall: Game = {
  name: 'pitfall',
  md5: '3e90cf23106f2e08b2781e41299de556',
  actions: ALL_ACTIONS,
  startingActions: [Action.UP],
  rules: scored({
    score: decimal(0x57, 0x56, 0x55),
    lives: (ram) => LIVES[ram[0x00] >> 4] ?? 1,
    firstLives: 3,
    over: (ram) => ram[0x00] >> 4 === 0 && ram[0x1e] !== 0,
    firstScore: 2000,
  }),
};

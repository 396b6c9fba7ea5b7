import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const donkeyKong: Game = {
  name: 'donkey_kong',
  md5: '36b20c427975760cb9cf4a47e41369e4',
  actions: ALL_ACTIONS,
  rules: scored({
    score: decimal(0x08, 0x07),
    scale: 100,
    lives: (ram) => ram[0x23],
    firstLives: 2,
    over: (ram, { lives }) => lives === 0 && ram[0x0f] === 3 && ram[0x0b] === 0x1f,
  }),
};

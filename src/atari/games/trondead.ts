import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const trondead: Game = {
  name: 'trondead',
  md5: 'fb27afe896e7c928089307b32e5642ee',
  actions: ALL_ACTIONS,
  difficulties: [0, 1],
  rules: scored({
    score: decimal(0x3f, 0x3e, 0x3d),
    lives: (ram) => 5 - ram[0x48],
    firstLives: 5,
    over: (ram) => ram[0x48] === 5,
  }),
};

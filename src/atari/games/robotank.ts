import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { scored } from './rules.ts';

export const robotank: Game = {
  name: 'robotank',
  md5: '4f618c2429138e0280969193ed6c107e',
  actions: ALL_ACTIONS,
  rules: scored({
    // Squadrons of twelve, and tanks.
    score: (ram) => 12 * ram[0x36] + ram[0x35],
    lives: (ram) => (ram[0x28] & 15) + 1,
    firstLives: 4,
    over: (ram) => ram[0x28] === 0 && ram[0x34] === 0xff,
  }),
};

import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const centipede: Game = {
  name: 'centipede',
  md5: '91c2098e88a6b13f977af8c003e0bca5',
  actions: ALL_ACTIONS,
  modes: [22, 86],
  modeSelection: selectUntil((ram) => ram[0x27], { hold: 2 }),
  rules: scored({
    score: decimal(0x76, 0x75, 0x74),
    lives: (ram) => ((ram[0x6d] >> 4) & 7) + 1,
    firstLives: 3,
    over: (ram) => (ram[0x26] & 0x40) !== 0,
    reward: (change) => Math.max(0, change),
  }),
};

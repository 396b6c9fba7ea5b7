import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

const points = decimal(0x48, 0x49);

export const phoenix: Game = {
  name: 'phoenix',
  md5: '7e52a95074a66640fcfde124fffd491a',
  actions: actions('NOOP FIRE RIGHT LEFT DOWN RIGHTFIRE LEFTFIRE DOWNFIRE'),
  rules: scored({
    score: (ram) => 10 * (10 * points(ram) + (ram[0x47] >> 4)),
    lives: (ram) => ram[0x4b] & 7,
    firstLives: 5,
    over: (ram) => ram[0x4c] === 0x80,
  }),
};

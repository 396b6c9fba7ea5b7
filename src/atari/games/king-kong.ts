import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const kingKong: Game = {
  name: 'king_kong',
  md5: '0dd4c69b5f9a7ae96a7a08329496779a',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN'),
  modes: [0, 1, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x6c] / 2, { hold: 2 }),
  rules: scored({
    score: decimal(0x03, 0x02),
    lives: (ram) => ram[0x6e],
    firstLives: 3,
    over: (_, { lives }) => lives === 0,
  }),
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const nameThisGame: Game = {
  name: 'name_this_game',
  md5: '36306070f0c90a72461551a7a4f3a209',
  actions: actions('NOOP FIRE RIGHT LEFT RIGHTFIRE LEFTFIRE'),
  modes: [8, 24, 40],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x5e], { hold: 2 }),
  rules: scored({
    score: decimal(0x46, 0x45, 0x44),
    lives: (ram) => ram[0x47] & 7,
    firstLives: 3,
    over: (_, { lives }) => lives === 0,
  }),
};

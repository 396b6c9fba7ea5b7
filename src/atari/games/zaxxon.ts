import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const zaxxon: Game = {
  name: 'zaxxon',
  md5: 'eea0da9b987d661264cce69a7c13c3bd',
  actions: ALL_ACTIONS,
  modes: [0, 8, 16, 24],
  modeSelection: selectUntil((ram) => ram[0x02], { hold: 10 }),
  rules: scored({
    score: decimal(0x69, 0x68),
    scale: 100,
    lives: (ram) => ram[0x6a] & 7,
    firstLives: 5,
    over: (_, { lives }) => lives === 0,
  }),
};

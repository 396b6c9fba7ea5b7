import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil } from './rules.ts';

export const pacman: Game = {
  name: 'pacman',
  md5: 'fc2233fc116faef0d3c31541717ca2db',
  actions: actions('NOOP UP RIGHT LEFT DOWN'),
  modes: range(0, 7),
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => (ram[0x66] === 0 ? ram[0x4c] - 1 : -1), { hold: 2 }),
  rules: scored({
    score: decimal(0x4c, 0x4e, 0x50),
    lives: (ram) => ram[0x18] + 1,
    firstLives: 4,
    over: (ram, { lives }) => lives === 1 && ram[0x64] === 0x3f,
  }),
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const frogger: Game = {
  name: 'frogger',
  md5: '081e2c114c9c20b61acf25fc95c71bf4',
  actions: actions('NOOP UP RIGHT LEFT DOWN'),
  modes: [0, 1, 2],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => (ram[0x5d] - 1) / 2, { hold: 2 }),
  rules: scored({
    score: decimal(0x4e, 0x4c),
    lives: (ram) => ram[0x50],
    firstLives: 4,
    over: (ram) => ram[0x50] === 0xff,
  }),
};

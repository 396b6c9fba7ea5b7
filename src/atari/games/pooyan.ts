import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const pooyan: Game = {
  name: 'pooyan',
  md5: '4799a40b6e889370b7ee55c17ba65141',
  actions: actions('NOOP FIRE UP DOWN UPFIRE DOWNFIRE'),
  modes: [10, 30, 50, 70],
  board: { yStart: 26, height: 220 },
  modeSelection: selectUntil((ram) => ram[0x3d], { hold: 2, holdFirst: 2 }),
  rules: scored({
    score: decimal(0x0a, 0x09, 0x08),
    lives: (ram) => (ram[0x16] & 7) + 1,
    firstLives: 3,
    over: (ram) => ram[0x16] === 0 && ram[0x18] === 5,
  }),
};

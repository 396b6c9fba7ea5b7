import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const kangaroo: Game = {
  name: 'kangaroo',
  md5: '4326edb70ff20d0ee5ba58fa5cb09d60',
  actions: ALL_ACTIONS,
  modes: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x3a] & 0x7f, { hold: 2 }),
  rules: scored({
    score: decimal(0x28, 0x27),
    scale: 100,
    lives: (ram) => (ram[0x2d] & 7) + 1,
    firstLives: 3,
    over: (ram) => ram[0x2d] === 0xff,
  }),
};

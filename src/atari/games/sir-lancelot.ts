import { Action, actions, RESET } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const sirLancelot: Game = {
  name: 'sir_lancelot',
  md5: 'dd0cbe5351551a538414fb9e37fc56e8',
  actions: actions('NOOP FIRE RIGHT LEFT RIGHTFIRE LEFTFIRE'),
  startingActions: [RESET, Action.LEFT],
  rules: scored({
    score: decimal(0x20, 0x1f, 0x1e),
    lives: (ram) => ram[0x29],
    firstLives: 3,
    over: (ram, { lives }) => lives === 0 && ram[0x27] === 0xa0,
  }),
};

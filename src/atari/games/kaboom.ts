import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const kaboom: Game = {
  name: 'kaboom',
  md5: '5428cdfada281c569c74c7308c7f2c26',
  actions: actions('NOOP FIRE RIGHT LEFT'),
  board: { left: 'paddles' },
  startingActions: [Action.FIRE],
  rules: scored({
    score: decimal(0x25, 0x24, 0x23),
    over: (ram, _, score) => ram[0x21] === 0 || score === 999_999,
  }),
};

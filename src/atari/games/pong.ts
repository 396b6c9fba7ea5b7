import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { scored, selectUntil } from './rules.ts';

export const pong: Game = {
  name: 'pong',
  md5: '60e0ea3cbe0913d39803477945e9e5ec',
  actions: actions('NOOP FIRE RIGHT LEFT RIGHTFIRE LEFTFIRE'),
  modes: [0, 1],
  difficulties: [0, 1, 2, 3],
  board: { left: 'paddles', right: 'paddles', swapPaddles: true },
  modeSelection: selectUntil((ram) => ram[0x16], { hold: 2 }),
  rules: scored({
    score: (ram) => ram[0x0e] - ram[0x0d],
    lives: 'none',
    over: (ram) => ram[0x0e] === 21 || ram[0x0d] === 21,
  }),
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const timePilot: Game = {
  name: 'time_pilot',
  md5: 'fc2104dd2dadf9a6176c1c1c8f87ced9',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN UPFIRE RIGHTFIRE LEFTFIRE DOWNFIRE'),
  difficulties: [0, 1, 2],
  rules: scored({
    score: decimal(0x0d, 0x0f),
    scale: 100,
    lives: (ram, { lives }) => ((ram[0x00] & 15) === 2 ? (ram[0x0b] & 7) + 1 : lives),
    firstLives: 5,
    over: (ram) => ram[0x20] !== 0,
  }),
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil } from './rules.ts';

export const spaceInvaders: Game = {
  name: 'space_invaders',
  md5: '72ffbef6504b75e69ee1045af9075f66',
  actions: actions('NOOP FIRE RIGHT LEFT RIGHTFIRE LEFTFIRE'),
  modes: range(0, 15),
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x5c], { hold: 2 }),
  rules: scored({
    score: decimal(0x68, 0x66),
    lives: (ram) => ram[0x49],
    firstLives: 3,
    over: (ram, { lives }) => (ram[0x18] & 0x80) !== 0 || lives === 0,
    wrapsAt: 10_000,
  }),
};

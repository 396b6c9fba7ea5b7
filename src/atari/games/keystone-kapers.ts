import { actions, RESET } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const keystoneKapers: Game = {
  name: 'keystone_kapers',
  md5: '6c1f3f2e359dbf55df462ccbcdd2f6bf',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT UPFIRE RIGHTFIRE LEFTFIRE DOWNFIRE'),
  startingActions: [RESET],
  rules: scored({
    score: decimal(0x1c, 0x1b),
    lives: (ram) => ram[0x16],
    firstLives: 3,
    over: (ram, { lives }) => lives === 0 && ram[0x08] === 0,
  }),
};

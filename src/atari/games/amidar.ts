import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const amidar: Game = {
  name: 'amidar',
  md5: 'acb7750b4d0c4bd34969802a7deb2990',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN UPFIRE RIGHTFIRE LEFTFIRE DOWNFIRE'),
  difficulties: [0, 3],
  board: { leftDifficultyA: true, rightDifficultyA: true },
  rules: scored({
    score: decimal(0x59, 0x5a, 0x5b),
    lives: (ram) => ram[0x56] & 15,
    firstLives: 3,
    over: (ram) => ram[0x56] === 0x80,
  }),
};

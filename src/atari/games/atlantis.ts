import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const atlantis: Game = {
  name: 'atlantis',
  md5: '9ad36e699ef6f45d9eb6c4cf90475c9f',
  actions: actions('NOOP FIRE RIGHTFIRE LEFTFIRE'),
  modes: [0, 1, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x0d], { hold: 2 }),
  rules: scored({
    score: decimal(0x22, 0x23, 0x21),
    scale: 100,
    lives: (ram) => ram[0x71],
    firstLives: 6,
    over: (ram) => ram[0x71] === 0xff,
    // Bytes of the score are reused once the game is over.
    lastRewardIsZero: true,
  }),
};

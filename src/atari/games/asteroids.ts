import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil } from './rules.ts';

export const asteroids: Game = {
  name: 'asteroids',
  md5: 'ccbd36746ed4525821a8083b0d6d2c2c',
  actions: actions(
    'NOOP FIRE UP RIGHT LEFT DOWN UPRIGHT UPLEFT UPFIRE RIGHTFIRE LEFTFIRE DOWNFIRE UPRIGHTFIRE UPLEFTFIRE',
  ),
  modes: [...range(0, 31), 128],
  difficulties: [0, 3],
  board: { hmoveBlanks: false },
  modeSelection: selectUntil((ram) => ram[0x00], { hold: 2 }),
  rules: scored({
    score: decimal(0x3e, 0x3d),
    scale: 10,
    lives: (ram) => ram[0x3c] >> 4,
    firstLives: 4,
    over: (_, { lives }) => lives === 0,
    wrapsAt: 100_000,
  }),
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

const points = decimal(0x05, 0x03, 0x01);

export const demonAttack: Game = {
  name: 'demon_attack',
  md5: 'f0e0addc07971561ab80d9abe1b8d333',
  actions: actions('NOOP FIRE RIGHT LEFT RIGHTFIRE LEFTFIRE'),
  modes: [1, 3, 5, 7],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x6a]),
  rules: scored({
    // ABCDEA: the emblem in place of the score.
    score: (ram) => (ram[0x01] === 0xab && ram[0x03] === 0xcd && ram[0x05] === 0xea ? 0 : points(ram)),
    lives: (ram) => ram[0x72] + 1,
    firstLives: 4,
    over: (ram) => ram[0x72] === 0 && ram[0x71] === 0xbd,
  }),
};

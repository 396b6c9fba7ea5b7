import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, signed } from './rules.ts';

export const qbert: Game = {
  name: 'qbert',
  md5: '484b0076816a104875e00467d431c2d2',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN'),
  difficulties: [0, 1],
  board: { yStart: 40 },
  rules: scored({
    score: decimal(0x5b, 0x5a, 0x59),
    lives: (ram, { lives, notes }) => (notes[0] - 1 === signed(ram[0x08]) ? lives - 1 : lives),
    firstLives: 4,
    // notes[0]: the byte of lives a frame before, which runs from 2 to -1.
    over: (ram, { notes }) => {
      const before = notes[0];
      notes[0] = signed(ram[0x08]);
      return ram[0x08] === 0xfe || (ram[0x08] === 2 && before === -1);
    },
    firstNotes: [2],
    lastRewardIsZero: true,
  }),
};

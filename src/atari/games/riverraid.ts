import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { scored } from './rules.ts';

/** The score is kept as offsets of the digits' pictures, 8 bytes each. */
function digit(byte: number): number {
  return (byte & 7) === 0 && byte <= 72 ? byte >> 3 : 0;
}

export const riverraid: Game = {
  name: 'riverraid',
  md5: '393948436d1f4cc3192410bb918f9724',
  actions: ALL_ACTIONS,
  difficulties: [0, 1],
  rules: scored({
    score: (ram) =>
      digit(ram[0x57]) +
      10 * digit(ram[0x55]) +
      100 * digit(ram[0x53]) +
      1000 * digit(ram[0x51]) +
      10_000 * digit(ram[0x4f]) +
      100_000 * digit(ram[0x4d]),
    lives: (ram) => (ram[0x40] === 0x58 ? 4 : ram[0x40] === 0x59 ? 1 : (ram[0x40] >> 3) + 1),
    // notes[0]: the byte of lives a frame before.
    over: (ram, { notes }) => {
      const before = notes[0];
      notes[0] = ram[0x40];
      return ram[0x40] === 0x58 && before === 0x59;
    },
    firstNotes: [0x58],
  }),
};

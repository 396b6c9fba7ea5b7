import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { scored, twoDigits } from './rules.ts';

/** Points of one side; a knock-out shows as C0 in place of 100. */
function boxer(byte: number): number {
  return byte === 0xc0 ? 100 : twoDigits(byte);
}

export const boxing: Game = {
  name: 'boxing',
  md5: 'c3ef5c4653212088eda54dc91d787870',
  actions: ALL_ACTIONS,
  difficulties: [0, 1, 2, 3],
  rules: scored({
    score: (ram) => boxer(ram[0x12]) - boxer(ram[0x13]),
    lives: 'none',
    // Knock-out, or no time left.
    over: (ram) => boxer(ram[0x12]) === 100 || boxer(ram[0x13]) === 100 || (ram[0x10] >> 4 === 0 && ram[0x11] === 0),
  }),
};

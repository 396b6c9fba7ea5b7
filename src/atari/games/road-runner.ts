import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { scored } from './rules.ts';

/** 10 is an empty place. */
function digit(byte: number): number {
  return (byte & 15) === 10 ? 0 : byte & 15;
}

export const roadRunner: Game = {
  name: 'road_runner',
  md5: 'ce5cc62608be2cd3ed8abd844efb8919',
  actions: ALL_ACTIONS,
  rules: scored({
    score: (ram) => 100 * (digit(ram[0x49]) + 10 * digit(ram[0x4a]) + 100 * digit(ram[0x4b]) + 1000 * digit(ram[0x4c])),
    lives: (ram) => (ram[0x44] & 7) + 1,
    firstLives: 3,
    over: (ram) => (ram[0x44] & 7) === 0 && (ram[0x39] !== 0 || ram[0x3d] !== 0),
  }),
};

import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const frostbite: Game = {
  name: 'frostbite',
  md5: '4ca73eb959299471788f0b685c3ba0b5',
  actions: ALL_ACTIONS,
  modes: [0, 2],
  modeSelection: selectUntil((ram) => ram[0x00]),
  rules: scored({
    score: decimal(0x4a, 0x49, 0x48),
    lives: (ram) => (ram[0x4c] & 15) + 1,
    firstLives: 4,
    over: (ram) => (ram[0x4c] & 15) === 0 && (ram[0x71] & 0x80) !== 0,
  }),
};

import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil, twoDigits } from './rules.ts';

export const humanCannonball: Game = {
  name: 'human_cannonball',
  md5: '7972e5101fa548b952d852db24ad6060',
  actions: ALL_ACTIONS,
  modes: range(0, 7),
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => (ram[0x37] === 1 ? ram[0x36] - 1 : -1), { hold: 2 }),
  rules: scored({
    score: decimal(0x36),
    // Seven hits or seven misses.
    over: (ram, _, score) => score === 7 || twoDigits(ram[0x37]) === 7,
  }),
};

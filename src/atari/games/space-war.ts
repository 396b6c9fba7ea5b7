import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil, twoDigits } from './rules.ts';

export const spaceWar: Game = {
  name: 'space_war',
  md5: 'b702641d698c60bcdc922dbd8c9dd49c',
  actions: ALL_ACTIONS,
  modes: range(6, 17),
  modeSelection: selectUntil((ram) => twoDigits(ram[0x27]), { hold: 2 }),
  rules: scored({
    score: decimal(0x27),
    over: (ram, _, score) => score === 10 || ram[0x00] === 0,
  }),
};

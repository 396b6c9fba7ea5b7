import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const bowling: Game = {
  name: 'bowling',
  md5: 'c9b7afad3bfd922e006a6bfc1d4f3fe7',
  actions: actions('NOOP FIRE UP DOWN UPFIRE DOWNFIRE'),
  modes: [0, 2, 4],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x02], { hold: 2 }),
  rules: scored({
    score: decimal(0x21, 0x26),
    lives: 'none',
    // Ten frames, counted in decimal.
    over: (ram) => ram[0x24] > 0x10,
  }),
};

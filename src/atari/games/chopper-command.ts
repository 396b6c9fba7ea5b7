import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const chopperCommand: Game = {
  name: 'chopper_command',
  md5: 'c1cb228470a87beb5f36e90ac745da26',
  actions: ALL_ACTIONS,
  modes: [0, 2],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x60], { hold: 2 }),
  rules: scored({
    score: decimal(0x6e, 0x6c),
    scale: 100,
    lives: (ram) => ram[0x64] & 15,
    firstLives: 3,
    // Without lives, once the game has started.
    over: (ram, { lives, notes }) => {
      notes[0] |= ram[0x42] & 1;
      return notes[0] === 1 && lives === 0;
    },
    keepsLives: true,
  }),
};

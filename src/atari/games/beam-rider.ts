import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const beamRider: Game = {
  name: 'beam_rider',
  md5: '79ab4123a83dc11d468fb2108ea09e2e',
  actions: actions('NOOP FIRE UP RIGHT LEFT UPRIGHT UPLEFT RIGHTFIRE LEFTFIRE'),
  difficulties: [0, 1],
  startingActions: [Action.RIGHT],
  rules: scored({
    score: decimal(0x09, 0x0a, 0x0b),
    // A loss counts once its animation has started.
    lives: (ram, { lives }) => {
      const shown = ram[0x05] + 1;
      return shown === lives - 1 && ram[0x0c] !== 1 ? lives : shown;
    },
    firstLives: 3,
    over: (ram) => ram[0x05] === 0xff,
  }),
};

import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, times } from './rules.ts';

export const elevatorAction: Game = {
  name: 'elevator_action',
  md5: '71f8bacfbdca019113f3f0801849057e',
  actions: ALL_ACTIONS,
  startingActions: times(16, Action.FIRE),
  rules: scored({
    score: decimal(0x09, 0x08, 0x07),
    lives: (ram) => ram[0x03],
    firstLives: 4,
    // Byte 1 is 0 on the title screen.
    over: (ram, { lives }) => lives === 0 && ram[0x01] !== 0,
  }),
};

import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, times } from './rules.ts';

const centiseconds = decimal(0x6a, 0x69);

export const skiing: Game = {
  name: 'skiing',
  md5: 'b76fbadc8ffb1f83e2ca08b6fb4d6c9f',
  actions: actions('NOOP RIGHT LEFT'),
  withoutFire: true,
  startingActions: times(16, Action.DOWN),
  rules: scored({
    // Hundredths of a second, as a loss.
    score: (ram) => 0 - 6000 * ram[0x68] - centiseconds(ram),
    lives: 'none',
    over: (ram) => ram[0x11] === 0xff,
  }),
};

import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const asterix: Game = {
  name: 'asterix',
  md5: '89a68746eff7f266bbf08de2483abe55',
  actions: actions('NOOP UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT'),
  startingActions: [Action.FIRE],
  rules: scored({
    score: decimal(0x60, 0x5f, 0x5e),
    lives: (ram) => ram[0x53] & 15,
    firstLives: 3,
    // The last frame of the last death: a frame later fire would start a new game.
    over: (ram, { lives }) => lives === 1 && ram[0x47] === 1,
  }),
};

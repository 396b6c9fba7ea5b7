import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const journeyEscape: Game = {
  name: 'journey_escape',
  md5: '718ae62c70af4e5fd8e932fee216948a',
  actions: actions(
    'NOOP UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT RIGHTFIRE LEFTFIRE DOWNFIRE UPRIGHTFIRE UPLEFTFIRE DOWNRIGHTFIRE DOWNLEFTFIRE',
  ),
  difficulties: [0, 1],
  board: { height: 230 },
  startingActions: [Action.FIRE],
  rules: scored({
    score: decimal(0x12, 0x11, 0x10),
    lives: 'none',
    over: (ram) => ram[0x15] === 0 && ram[0x16] === 0,
    // The cash that the game starts with is no reward.
    reward: (change) => (change === 50_000 ? 0 : change),
  }),
};

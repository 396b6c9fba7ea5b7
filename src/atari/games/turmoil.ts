import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil } from './rules.ts';

const points = decimal(0x09, 0x0a);

export const turmoil: Game = {
  name: 'turmoil',
  md5: '7a5463545dfb2dcfdafa6074b2f2c15e',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT RIGHTFIRE LEFTFIRE'),
  modes: range(0, 8),
  modeSelection: selectUntil((ram) => ram[0x6a], { hold: 2 }),
  startingActions: [Action.FIRE],
  rules: scored({
    score: (ram) => 10 * (points(ram) + ram[0x53]),
    lives: (ram) => ram[0x39],
    firstLives: 4,
    over: (ram, { lives }) => lives === 0 && ram[0x45] === 1,
  }),
};

import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, range, scored, selectUntil } from './rules.ts';

export const airRaid: Game = {
  name: 'air_raid',
  md5: '35be55426c1fec32dfb503b4f0651572',
  actions: actions('NOOP FIRE RIGHT LEFT RIGHTFIRE LEFTFIRE'),
  modes: range(1, 8),
  modeSelection: selectUntil((ram) => ram[0x2a], { hold: 10, holdFirst: 20 }),
  startingActions: [Action.FIRE],
  rules: scored({
    score: decimal(0x2a, 0x29, 0x28),
    over: (ram) => ram[0x27] === 0xff,
  }),
};

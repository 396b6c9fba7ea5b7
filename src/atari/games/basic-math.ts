import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const basicMath: Game = {
  name: 'basic_math',
  md5: '819aeeb9a2e11deb54e6de334f843894',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN'),
  modes: [5, 6, 7, 8],
  difficulties: [0, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x45], { hold: 2 }),
  rules: scored({
    score: decimal(0x04),
    // The screen with the final score.
    over: (ram) => ram[0x06] !== 0,
  }),
};

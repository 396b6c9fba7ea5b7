import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, restart, selectUntil, times, twoDigits } from './rules.ts';

const chips = decimal(0x15, 0x0c);
/** Mode 3: poker solitaire, over when its last award is paid. */
const SOLITAIRE = 3;

export const casino: Game = {
  name: 'casino',
  md5: 'b816296311019ab69a21cb9e9e235d12',
  actions: actions('NOOP FIRE UP DOWN'),
  modes: [0, 2, 3],
  difficulties: [0, 1, 2, 3],
  board: { left: 'paddles' },
  modeSelection: selectUntil((ram) => ram[0x54], { hold: 2 }),
  startingActions: [...times(60, Action.NOOP), Action.FIRE, Action.FIRE],
  rules: {
    reset: restart(),
    step: (ram, state) => {
      const score = chips(ram);
      if (ram[0x54] === SOLITAIRE) {
        state.reward = score - state.score;
        state.over = score > 0 && ram[0x1e] === 0xaa;
      } else {
        // While input is disabled the last reward stands, as in ALE.
        const waiting = (ram[0x53] & 0x80) !== 0;
        if (!waiting) state.reward = score - state.score;
        state.over = score === 0 || (waiting && twoDigits(ram[0x1e]) > 0);
      }
      state.score = score;
    },
  },
};

import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { scored, selectUntil, twoDigits } from './rules.ts';

export const iceHockey: Game = {
  name: 'ice_hockey',
  md5: 'a4c08c4994eb9d24fb78be1793e82e26',
  actions: ALL_ACTIONS,
  modes: [0, 2],
  difficulties: [0, 1, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x00], { hold: 2 }),
  rules: scored({
    score: (ram) => twoDigits(ram[0x0a]) - twoDigits(ram[0x0b]),
    lives: 'none',
    over: (ram) => ram[0x07] === 0 && ram[0x06] === 0,
    reward: (change) => Math.min(1, change),
  }),
};

import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const jamesbond: Game = {
  name: 'jamesbond',
  md5: 'e51030251e440cffaab1ac63438b44ae',
  actions: ALL_ACTIONS,
  modes: [0, 1],
  modeSelection: selectUntil((ram) => (ram[0x0c] >= 0x48 ? ram[0x0c] - 0x48 : ram[0x0c]), { hold: 20 }),
  rules: scored({
    score: decimal(0x5c, 0x5d, 0x5e),
    lives: (ram) => (ram[0x06] & 15) + 1,
    firstLives: 6,
    over: (ram) => (ram[0x06] & 15) === 0 && ram[0x0c] === 0x68,
  }),
};

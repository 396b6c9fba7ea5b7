import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

const shown = decimal(0x06, 0x08);

export const wizardOfWor: Game = {
  name: 'wizard_of_wor',
  md5: '7e8aa18bc9502eb57daaf5e7c1e94da7',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN UPFIRE RIGHTFIRE LEFTFIRE DOWNFIRE'),
  difficulties: [0, 1],
  board: { swapPorts: true },
  rules: scored({
    // The display has three digits; the fourth one is noise.
    score: (ram) => {
      const points = shown(ram);
      return 100 * (points >= 8000 ? points - 8000 : points);
    },
    lives: (ram, { lives }) => ((ram[0x57] & 1) === 0 ? ram[0x0d] & 15 : lives),
    firstLives: 3,
    over: (ram) => (ram[0x0d] & 15) === 0 && ram[0x74] === 0xf8,
  }),
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

const chips = decimal(0x09, 0x06);
/** The display reads BUST. */
const bust = (ram: Uint8Array): boolean => ram[0x06] === 0x0b && ram[0x09] === 0xbb;

export const blackjack: Game = {
  name: 'blackjack',
  md5: '0a981c03204ac2b278ba392674682560',
  actions: actions('NOOP FIRE UP DOWN'),
  difficulties: [0, 1, 2, 3],
  board: { left: 'paddles' },
  paddleMax: 795_000,
  rules: scored({
    score: (ram) => (bust(ram) ? 0 : chips(ram)),
    over: (ram, _, score) => bust(ram) || score >= 1000,
  }),
};

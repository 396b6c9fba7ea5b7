import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { restart, selectUntil, signed } from './rules.ts';

const PIECES = 15;

/** Won by the first side with all pieces off the board. RAM holds the player's pieces as negative counts; the computer's
 * thinking scribbles over the board, so only boards with 15 pieces on each side count. */
export const backgammon: Game = {
  name: 'backgammon',
  md5: '8556b42aa05f94bc29ff39c39b11bff4',
  actions: actions('FIRE RIGHT LEFT'),
  difficulties: [3],
  board: { left: 'paddles' },
  paddleMax: 1_000_000,
  modeSelection: selectUntil((ram) => (ram[0x5c] === 3 ? 0 : -1)),
  rules: {
    reset: restart(),
    step: (ram, state) => {
      const playerOut = -signed(ram[0x00]);
      const computerOut = signed(ram[0x0e]);
      let player = playerOut;
      let computer = computerOut;
      for (let point = 0x01; point <= 0x1b; point++) {
        if (point === 0x0e) continue;
        const pieces = signed(ram[point]);
        if (pieces > 0) computer += pieces;
        else player -= pieces;
      }
      if (player !== PIECES || computer !== PIECES) return;
      if (playerOut === PIECES || computerOut === PIECES) {
        state.over = true;
        state.reward = playerOut === PIECES ? 1 : -1;
      }
    },
  },
};

import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

/** Carrots left by the three bits that stand for them. */
const CARROTS = [0, 1, 1, 2, 1, 2, 2, 3] as const;

export const gopher: Game = {
  name: 'gopher',
  md5: 'c16c79aad6272baffb8aae9a7fff0864',
  actions: actions('NOOP FIRE UP RIGHT LEFT UPFIRE RIGHTFIRE LEFTFIRE'),
  modes: [0, 2],
  difficulties: [0, 1],
  modeSelection: {
    apply: (console, mode) => {
      console.softReset();
      while (console.ram[0x53] !== mode) console.pressSelect(5);
      console.softReset();
    },
  },
  startingActions: [Action.FIRE],
  rules: scored({
    score: decimal(0x32, 0x31, 0x30),
    lives: (ram) => CARROTS[ram[0x34] & 7],
    firstLives: 3,
    over: (ram) => (ram[0x34] & 7) === 0,
  }),
};

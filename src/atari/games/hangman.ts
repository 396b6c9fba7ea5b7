import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { restart, selectUntil, twoDigits } from './rules.ts';

const PLAYER = 0;
const COMPUTER = 1;
const TIMER = 2;

/** Over after one word, or when the timer runs out. */
export const hangman: Game = {
  name: 'hangman',
  md5: 'f16c709df0a6c52f47ff52b9d95b7d8d',
  actions: ALL_ACTIONS,
  modes: [0, 1, 2, 3],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x6e], { hold: 2 }),
  rules: {
    reset: restart({ notes: [0, 0, -1] }),
    step: (ram, state) => {
      const { notes } = state;
      const player = twoDigits(ram[0x6b]);
      const computer = twoDigits(ram[0x6c]);
      const timer = ram[0x71];
      const timedOut = timer === 0 && notes[TIMER] === 255;
      state.reward = player - notes[PLAYER] - (computer - notes[COMPUTER]);
      notes[PLAYER] = player;
      notes[COMPUTER] = computer;
      notes[TIMER] = timer;
      state.over = state.reward !== 0 || timedOut;
    },
  },
};

import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { range, times, twoDigits } from './rules.ts';

/** Faces of one colour, and the timer a frame before. */
const FACES = 0;
const TIMER = 1;
/** The cartridge's number of each kind of game. */
const KINDS = [0, 2, 8] as const;

export const videoCube: Game = {
  name: 'video_cube',
  md5: '3f540a30fdee0b20aed7288e4a5ea528',
  actions: ALL_ACTIONS,
  modes: range(0, 50).flatMap((cube) => [100 * cube, 100 * cube + 1, 100 * cube + 2]),
  difficulties: [0, 1],
  modeSelection: {
    // Hundreds: the cube, as scrambled by the cartridge; 0 and 1 are the same. Units: the kind of game.
    apply: (console, mode) => {
      const { ram } = console;
      while ((ram[0x7b] & 0x1f) !== KINDS[mode % 100]) console.pressSelect(2);
      console.softReset();
      const cube = Math.max(1, Math.floor(mode / 100));
      while (twoDigits(ram[0x1f]) !== cube) console.act(Action.RIGHT);
    },
  },
  startingActions: [...times(61, Action.NOOP), Action.FIRE, Action.NOOP, Action.NOOP],
  rules: {
    reset: (state) => {
      state.reward = 0;
      state.over = false;
      state.notes[FACES] = 0;
    },
    step: (ram, state) => {
      const { notes } = state;
      let faces = 0;
      for (let face = 0x20; face < 0x20 + 54; face += 9) {
        let same = true;
        for (let i = 1; i < 9; i++) same &&= ram[face + i] === ram[face];
        if (same) faces++;
      }
      const timedOut = ram[0x5b] === 0 && notes[TIMER] === 255;
      notes[TIMER] = ram[0x5b];
      state.reward = timedOut ? -1 : faces - notes[FACES];
      notes[FACES] = faces;
      state.over = timedOut || faces === 6;
    },
  },
};

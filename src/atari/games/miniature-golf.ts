import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { restart, twoDigits } from './rules.ts';

const HOLE = 0;
const PAR = 1;
/** Strokes on the display, and those from before it began anew. */
const STROKES = 2;
const WRAPPED = 3;
const STROKES_BEFORE = 4;

/** At the end of a hole: par less strokes. The two displays show the hole and its par while the right one is not 0, else the strokes. */
export const miniatureGolf: Game = {
  name: 'miniature_golf',
  md5: 'df62a658496ac98a3aa4a6ee5719c251',
  actions: ALL_ACTIONS,
  difficulties: [0, 1],
  rules: {
    reset: restart(),
    step: (ram, state) => {
      const { notes } = state;
      state.reward = 0;
      const left = twoDigits(ram[0x07]);
      const right = twoDigits(ram[0x08]);
      const hole = twoDigits(ram[0x2f]);
      if (hole !== notes[HOLE]) {
        const strokes = notes[STROKES] + notes[WRAPPED] - notes[STROKES_BEFORE];
        if (strokes > 0) state.reward = notes[PAR] - strokes;
        if (hole === 0) state.over = true;
        notes[HOLE] = hole;
        notes[WRAPPED] = 0;
        notes[STROKES_BEFORE] = notes[STROKES];
      }
      if (right !== 0) {
        notes[PAR] = right;
      } else {
        if (left < notes[STROKES]) notes[WRAPPED] += notes[STROKES];
        notes[STROKES] = left;
      }
    },
  },
};

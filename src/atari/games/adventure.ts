import { Action, ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { restart } from './rules.ts';

/** Won when the chalice is in the yellow castle; over when a dragon has eaten the player. */
export const adventure: Game = {
  name: 'adventure',
  md5: '4b27f5397c442d25f0c418ccdacf1926',
  actions: ALL_ACTIONS,
  modes: [0, 1, 2],
  difficulties: [0, 1, 2, 3],
  modeSelection: {
    // Level 3 lays its objects out by a frame counter, so SELECT is held for a drawn number of frames.
    apply: (console, mode) => {
      const shown = (): number => (console.ram[0x5d] >> 1) & 3;
      while (shown() !== mode) {
        console.pressSelect(2 + (console.random() % 256));
        console.act(Action.NOOP);
      }
      console.softReset();
    },
  },
  rules: {
    reset: restart({ lives: 1 }),
    step: (ram, state) => {
      const chaliceHome = ram[0x39] === 0x12;
      const eaten = ram[0x60] === 2;
      if (chaliceHome) state.reward = 1;
      state.over = eaten || chaliceHome;
    },
    lives: () => 1,
  },
};

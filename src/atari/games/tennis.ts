import { ALL_ACTIONS } from '../actions.ts';
import type { Game } from './game.ts';
import { restart, selectUntil } from './rules.ts';

/** Lead in games and in points of the running game. */
const GAMES = 0;
const POINTS = 1;

/** Rewards points, or the won game in the frame that ends one. */
export const tennis: Game = {
  name: 'tennis',
  md5: '42cdd6a9e42a3639e190722b8ea3fc51',
  actions: ALL_ACTIONS,
  modes: [0, 2],
  difficulties: [0, 1, 2, 3],
  modeSelection: selectUntil((ram) => ram[0x00], { hold: 2 }),
  rules: {
    reset: restart(),
    step: (ram, state) => {
      const { notes } = state;
      const games = ram[0x47] - ram[0x48];
      const points = ram[0x45] - ram[0x46];
      state.reward = games !== notes[GAMES] ? games - notes[GAMES] : points - notes[POINTS];
      notes[GAMES] = games;
      notes[POINTS] = points;
      const most = Math.max(ram[0x47], ram[0x48]);
      state.over = (most >= 6 && Math.abs(games) >= 2) || ram[0x47] === 7 || ram[0x48] === 7;
    },
    lives: () => 0,
  },
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const videoPinball: Game = {
  name: 'video_pinball',
  md5: '107cc025334211e6d29da0b6be46aec7',
  actions: actions('NOOP FIRE UP RIGHT LEFT DOWN UPFIRE RIGHTFIRE LEFTFIRE'),
  modes: [0, 2],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x41], { hold: 2 }),
  rules: scored({
    score: decimal(0x30, 0x32, 0x34),
    lives: (ram) => 4 + (ram[0x28] & 1) - (ram[0x19] & 7),
    firstLives: 3,
    over: (ram) => (ram[0x2f] & 1) !== 0,
  }),
};

import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { scored, selectUntil } from './rules.ts';

export const crazyClimber: Game = {
  name: 'crazy_climber',
  md5: '55ef7b65066428367844342ed59f956c',
  actions: actions('NOOP UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT'),
  modes: [0, 1, 2, 3],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => ram[0x00], { hold: 2 }),
  rules: scored({
    score: (ram) => 100 * (ram[0x02] + 10 * ram[0x03] + 100 * ram[0x04] + 1000 * ram[0x05]),
    lives: (ram) => ram[0x2a],
    firstLives: 5,
    over: (_, { lives }) => lives === 0,
    reward: (change) => Math.max(0, change),
  }),
};

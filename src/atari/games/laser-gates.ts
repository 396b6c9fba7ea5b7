import { ALL_ACTIONS, RESET } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const laserGates: Game = {
  name: 'laser_gates',
  md5: '8e4cd60d93fcde8065c1a2b972a26377',
  actions: ALL_ACTIONS,
  startingActions: [RESET],
  rules: scored({
    score: decimal(0x02, 0x01, 0x00),
    lives: 'none',
    over: (ram) => ram[0x03] === 0,
  }),
};

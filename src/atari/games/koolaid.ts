import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored } from './rules.ts';

export const koolaid: Game = {
  name: 'koolaid',
  md5: '534e23210dd1993c828d944c6ac4d9fb',
  actions: actions('NOOP UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT'),
  rules: scored({
    score: decimal(0x01, 0x00),
    scale: 100,
    lives: 'none',
    over: (ram) => ram[0x51] === 0x80,
  }),
};

import { Action, actions } from '../actions.ts';
import type { Game } from './game.ts';
import { decimal, scored, selectUntil } from './rules.ts';

export const lostLuggage: Game = {
  name: 'lost_luggage',
  md5: '2d76c5d1aad506442b9e9fb67765e051',
  actions: actions('NOOP UP RIGHT LEFT DOWN UPRIGHT UPLEFT DOWNRIGHT DOWNLEFT'),
  withoutFire: true,
  modes: [0, 1],
  difficulties: [0, 1],
  modeSelection: selectUntil((ram) => (ram[0x14] - 1) / 3, { hold: 2 }),
  startingActions: [Action.FIRE],
  rules: scored({
    score: decimal(0x16, 0x15, 0x14),
    lives: (ram) => ram[0x4a],
    firstLives: 3,
    over: (ram, { lives }) => lives === 0 && ram[0x48] === 10 && ram[0x25] === 0 && ram[0x29] === 0,
  }),
};

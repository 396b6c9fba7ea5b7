import { actions } from '../actions.ts';
import type { Game } from './game.ts';
import { scored, selectUntil, twoDigits } from './rules.ts';

export const surround: Game = {
  name: 'surround',
  md5: '4d7517ae69f95cfbc053be01312b7dba',
  actions: actions('NOOP UP RIGHT LEFT DOWN'),
  modes: [0, 2],
  difficulties: [0, 1, 2, 3],
  board: { swapPorts: true },
  modeSelection: selectUntil((ram) => ram[0x79] - 1, { hold: 2 }),
  rules: scored({
    score: (ram) => twoDigits(ram[0x77]) - twoDigits(ram[0x76]),
    over: (ram) => twoDigits(ram[0x77]) === 10 || twoDigits(ram[0x76]) === 10,
  }),
};

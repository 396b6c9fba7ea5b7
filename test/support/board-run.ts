import type { BoardRun } from '../../src/web/board/messages.ts';

/** A run as the board lists it. */
export const boardRun = (id: string, values: Partial<BoardRun> = {}): BoardRun => ({
  ...{ id, group: 'a', state: 'stopped', message: null, recipe: 'dqn', algorithm: 'dqn', env: 'CartPole-v1', seed: 0 },
  ...{
    score: null,
    step: null,
    maxSteps: null,
    unit: null,
    speed: null,
    secondsLeft: null,
    atMost: false,
    reward: null,
  },
  ...{ bound: null, started: null, changed: 0, logged: 0, metrics: [], code: false },
  ...values,
});

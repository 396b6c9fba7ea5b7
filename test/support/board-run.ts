import { UNKNOWN_RUN } from '../../src/node/board/run-watcher.ts';
import type { BoardRun } from '../../src/web/board/messages.ts';

/** A run as the board lists it. */
export const boardRun = (id: string, values: Partial<BoardRun> = {}): BoardRun => ({
  ...UNKNOWN_RUN,
  ...{ id, group: 'a', state: 'stopped', message: null, recipe: 'dqn', algorithm: 'dqn', env: 'CartPole-v1', seed: 0 },
  changed: 0,
  ...values,
});

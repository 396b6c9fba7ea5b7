/** Importing this module (`bellman-rl/envs/pendulum`) makes Pendulum-v1 known to every `make`. */

import { pendulumEntries } from '../classic-control/pendulum.entries.ts';
import { addEntries } from '../entries.ts';

export { PendulumEnv, type PendulumOptions } from '../classic-control/pendulum.ts';

addEntries(pendulumEntries);

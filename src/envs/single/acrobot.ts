/** Importing this module (`bellman-rl/envs/acrobot`) makes Acrobot-v1 known to every `make`. */

import { acrobotEntries } from '../classic-control/acrobot.entries.ts';
import { addEntries } from '../entries.ts';

export { AcrobotEnv, type AcrobotOptions } from '../classic-control/acrobot.ts';

addEntries(acrobotEntries);

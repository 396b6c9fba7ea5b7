/** Importing this module (`bellman-rl/envs/pong`) makes bellman/Pong-v0 known to every `make`. */
import { addEntries } from '../entries.ts';
import { pongEnvironments } from '../pong/index.ts';

export { PongEnv, type PongOptions } from '../pong/index.ts';

addEntries(pongEnvironments);

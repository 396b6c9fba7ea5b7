/** Importing this module (`bellman-rl/envs/cliff-walking`) makes CliffWalking-v1 and CliffWalkingSlippery-v1 known to every `make`. */
import { addEntries } from '../entries.ts';
import { cliffWalkingEntries } from '../toy-text/cliff-walking.entries.ts';

export { CliffWalkingEnv, type CliffWalkingOptions, cliffActions } from '../toy-text/cliff-walking.ts';

addEntries(cliffWalkingEntries);

/** Importing this module (`bellman-rl/envs/cart-pole`) makes CartPole-v0 and CartPole-v1 known to every `make`. */

import { cartPoleEntries } from '../classic-control/cart-pole.entries.ts';
import { addEntries } from '../entries.ts';

export { CartPoleEnv, type CartPoleOptions } from '../classic-control/cart-pole.ts';

addEntries(cartPoleEntries);

/** Importing this module (`bellman-rl/envs/mountain-car`) makes MountainCar-v0 and MountainCarContinuous-v0 known to every `make`. */

import { mountainCarEntries } from '../classic-control/mountain-car.entries.ts';
import { addEntries } from '../entries.ts';

export { MountainCarEnv } from '../classic-control/mountain-car.ts';
export { MountainCarContinuousEnv } from '../classic-control/mountain-car-continuous.ts';
export type { MountainCarOptions } from '../classic-control/valley-car.ts';

addEntries(mountainCarEntries);

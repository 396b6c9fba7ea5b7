/** Importing this module (`bellman-rl/envs/frozen-lake`) makes FrozenLake-v1 and FrozenLake8x8-v1 known to every `make`. */
import { addEntries } from '../entries.ts';
import { frozenLakeEntries } from '../toy-text/frozen-lake.entries.ts';

export { FrozenLakeEnv, type FrozenLakeOptions, lakeActions } from '../toy-text/frozen-lake.ts';

addEntries(frozenLakeEntries);

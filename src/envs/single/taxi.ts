/** Importing this module (`bellman-rl/envs/taxi`) makes Taxi-v3 and Taxi-v4 known to every `make`. */
import { addEntries } from '../entries.ts';
import { taxiEntries } from '../toy-text/taxi.entries.ts';

export { TaxiEnv, type TaxiOptions, type TaxiV3Options } from '../toy-text/taxi.ts';

addEntries(taxiEntries);

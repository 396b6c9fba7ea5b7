export { ANGLE_LIMIT, CartPoleEnv, type CartPoleOptions, X_LIMIT } from './classic-control/cart-pole.ts';
export { type EnvEntry, envEntry } from './env-entry.ts';
export * from './registry.ts';
export type * from './tabular-model.ts';
export { FrozenLakeEnv, type FrozenLakeOptions, lakeActions } from './toy-text/frozen-lake.ts';
export { generateRandomMap, lakeMaps } from './toy-text/lake-map.ts';
export { TaxiEnv, type TaxiOptions } from './toy-text/taxi.ts';
export { decodeTaxiState, encodeTaxiState, taxiActions, taxiMap, taxiPlaces } from './toy-text/taxi-model.ts';
export { traceEnvironment } from './trace.ts';

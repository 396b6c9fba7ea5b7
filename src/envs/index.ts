export { type EnvEntry, envEntry } from '../core/env-entry.ts';
export { notRunning } from '../core/episode-phase.ts';
export { actionMeanings } from './action-meanings.ts';
export type { CheckOptions, CheckRule, EnvironmentFactory, EnvironmentProblem } from './check-environment.ts';
export { assertEnvironment, checkEnvironment } from './check-environment.ts';
export { AcrobotEnv, type AcrobotOptions } from './classic-control/acrobot.ts';
export type { KinematicsIntegrator } from './classic-control/cart-pole.ts';
export { ANGLE_LIMIT, CartPoleEnv, type CartPoleOptions, X_LIMIT } from './classic-control/cart-pole.ts';
export { MountainCarEnv } from './classic-control/mountain-car.ts';
export { MountainCarContinuousEnv } from './classic-control/mountain-car-continuous.ts';
export { PendulumEnv, type PendulumOptions } from './classic-control/pendulum.ts';
export type { MountainCarOptions } from './classic-control/valley-car.ts';
export type { PongGame, PongOpponent, PongSide } from './pong/index.ts';
export { PongEnv, type PongOptions } from './pong/index.ts';
export * from './registry.ts';
export { SeededEnv } from './seeded-env.ts';
export { type CellKind, type GridWorld, isGridWorld, type StateGrid } from './state-grid.ts';
export type * from './tabular-model.ts';
export { blackjackGrids } from './toy-text/blackjack.grid.ts';
export {
  BlackjackEnv,
  type BlackjackObservation,
  type BlackjackOptions,
  blackjackActions,
} from './toy-text/blackjack.ts';
export { blackjackModel } from './toy-text/blackjack-model.ts';
export { CliffWalkingEnv, type CliffWalkingOptions, cliffActions } from './toy-text/cliff-walking.ts';
export { FrozenLakeEnv, type FrozenLakeOptions, lakeActions } from './toy-text/frozen-lake.ts';
export { generateRandomMap, lakeMaps } from './toy-text/lake-map.ts';
export type { TaxiV3Options } from './toy-text/taxi.ts';
export { TaxiEnv, type TaxiOptions } from './toy-text/taxi.ts';
export type { TaxiState } from './toy-text/taxi-model.ts';
export { decodeTaxiState, encodeTaxiState, taxiActions, taxiMap, taxiPlaces } from './toy-text/taxi-model.ts';
export { traceEnvironment } from './trace.ts';

export { batchDifferingSpaces, batchSpace } from '../spaces/batch-space.ts';
export type { Allocate } from '../spaces/vector-batch.ts';
export { createVectorBatch, type VectorBatch } from '../spaces/vector-batch.ts';
export { type EnvMaker, type MakeVecOptions, makeVec } from './make-vec.ts';
export { NormalizeVectorObservation } from './normalize-vector-observation.ts';
export { NormalizeVectorReward } from './normalize-vector-reward.ts';
export { serveVectorEnv } from './serve-vector-env.ts';
export { SharedVectorEnv, type SharedVectorOptions } from './shared-vector-env.ts';
export { SyncVectorEnv, type SyncVectorOptions } from './sync-vector-env.ts';
export { createVectorArrays, type VectorArrays } from './vector-arrays.ts';
export {
  type AutoresetMode,
  autoresetModes,
  type VectorEnv,
  type VectorInfo,
  type VectorReset,
  type VectorResetOptions,
  type VectorShape,
  type VectorStep,
  type WholeGames,
} from './vector-env.ts';
export { infosOfEach, type TakeInfo } from './vector-info.ts';
export type { VectorPort } from './vector-port.ts';
export type { VectorModule, VectorSource } from './vector-share.ts';
export { type AnyVectorEnv, VectorWrapper } from './vector-wrapper.ts';
export { WorkerVectorEnv, type WorkerVectorOptions } from './worker-vector-env.ts';

export { type Batch, batchSpace, createBatch } from './batch-space.ts';
export { type MakeVecOptions, makeVec } from './make-vec.ts';
export { serveVectorEnv } from './serve-vector-env.ts';
export { SyncVectorEnv, type SyncVectorOptions } from './sync-vector-env.ts';
export {
  type AutoresetMode,
  autoresetModes,
  type VectorEnv,
  type VectorInfo,
  type VectorReset,
  type VectorResetOptions,
  type VectorStep,
} from './vector-env.ts';
export { infosOfEach } from './vector-info.ts';
export type { VectorPort } from './vector-port.ts';
export { WorkerVectorEnv, type WorkerVectorOptions } from './worker-vector-env.ts';

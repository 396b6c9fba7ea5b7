export type { Checkpoint, CheckpointHeader, RunIdentity } from './checkpoint-format.ts';
export { decodeCheckpoint, encodeCheckpoint } from './checkpoint-format.ts';
export type { Checksum } from './crc32.ts';
export { exportQModel, type ModelMetadata, readModelMetadata } from './q-model.ts';
export { decodeTable, encodeTable, greedyAction, type TableModel } from './table-model.ts';
export type { TrainedBy } from './trained-by.ts';

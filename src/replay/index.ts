export type { Batch } from './batch.ts';
export { createBatch } from './batch.ts';
export type { StackPadding } from './frame-stack-store.ts';
export type { ElementArrays, ElementType, ObservationStore } from './observation-store.ts';
export type { Replay } from './replay.ts';
export type { ReplayOptions } from './transition-store.ts';
export { replayBytes } from './transition-store.ts';
export type { UniformReplayOptions } from './uniform.ts';
export { UniformReplay } from './uniform.ts';

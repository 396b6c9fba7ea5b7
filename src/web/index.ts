export { type LoadOrtOptions, loadOrt } from './runtime/load-ort.ts';
export type {
  OrtWeb,
  OrtWebOptions,
  OrtWebRunnerOptions,
  OrtWebSession,
  OrtWebSessionOptions,
  OrtWebTensor,
  OrtWebTensorConstructor,
} from './runtime/ort-web-runner.ts';
export { createOrtWebRunner, ortWebRunnerFactory } from './runtime/ort-web-runner.ts';
export { type CheckpointStore, openCheckpointStore, type StoredFile } from './storage/checkpoint-store.ts';
export { toImageData } from './to-image-data.ts';
export type { ErrorFacts } from './worker/error-facts.ts';
export type {
  LoadProgress,
  NewTraining,
  Port,
  ProgressReport,
  ResumedTraining,
  TrainingEvents,
  TrainingFacts,
  TrainingHostOptions,
  Watch,
  WebRuntime,
} from './worker/protocol.ts';
export {
  RemoteTraining,
  type StartTrainingOptions,
  startTraining,
  type TrainingListener,
  type TrainingState,
} from './worker/remote-training.ts';
export { serveTraining } from './worker/serve-training.ts';
export { TrainingLostError } from './worker/training-lost-error.ts';

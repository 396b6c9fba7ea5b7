export { decodeCheckpoint, encodeCheckpoint } from './checkpoint-format.ts';
export { networkSpec, type Observation, type ViewConfig, viewOf, wrapForDqn } from './dqn-env.ts';
export { createDqnTraining, DqnTraining, type DqnTrainingOptions } from './dqn-training.ts';
export { type EnvGroup, LocalEnvGroup } from './env-group.ts';
export { type Act, type EpisodeRecord, playEpisode, type Summary, summarize } from './evaluate.ts';
export { createPqnTraining, PqnTraining, type PqnTrainingOptions } from './pqn-training.ts';
export { exportQModel, type ModelMetadata, readModelMetadata } from './q-model.ts';
export { decodeTable, encodeTable, greedyAction, type TableModel } from './table-model.ts';
export { TabularTraining, type TabularTrainingOptions } from './tabular-training.ts';
export {
  type ExportedModel,
  type Training,
  type TrainingEnd,
  type TrainingObserver,
  type TrainOptions,
  train,
} from './training.ts';

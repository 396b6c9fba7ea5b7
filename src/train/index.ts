export { Actor, type ActorGenerators, type ActorOptions, type PriorityRule } from './actors/actor.ts';
export type {
  CreateActorOptions,
  DqnActorTrainingOptions,
  PqnActorTrainingOptions,
} from './actors/actor-options.ts';
export { ActorTraining, type ActorTrainingOptions } from './actors/actor-training.ts';
export { type ActorTrainingConfig, checkActorConfig } from './actors/check-actor-config.ts';
export type { ActorSettings, Actors, Chunk, Play } from './actors/chunk.ts';
export {
  createDqnActor,
  createDqnActorTraining,
  DqnActorTraining,
} from './actors/dqn-actor-training.ts';
export { LocalActors } from './actors/local-actors.ts';
export { Playback } from './actors/playback.ts';
export { type ActorPoolOptions, type ChunkWorker, PooledActors, WorkerLost } from './actors/pooled-actors.ts';
export {
  createPqnActor,
  createPqnActorTraining,
  PqnActorTraining,
} from './actors/pqn-actor-training.ts';
export { Rounds } from './actors/rounds.ts';
export { createDqnTraining } from './create-dqn-training.ts';
export { createReplay } from './create-replay.ts';
export {
  type CrossEntropyParts,
  CrossEntropyTraining,
  type CrossEntropyTrainingOptions,
  createCrossEntropyTraining,
} from './cross-entropy-training.ts';
export { createBootstrap, createOptimizer } from './dqn-parts.ts';
export type { DqnParts, DqnPartsOptions } from './dqn-training.ts';
export { DqnTraining, type DqnTrainingOptions } from './dqn-training.ts';
export type { PlayOptions } from './evaluate.ts';
export {
  type Act,
  type EpisodeRecord,
  type EvaluateOptions,
  evaluate,
  type Player,
  playEpisode,
} from './evaluate.ts';
export { EvaluatedTraining, type EvaluationSettings, type Evaluator } from './evaluated-training.ts';
export type { NetworkTrainingConfig } from './learner-training.ts';
export { type Learner, LearnerTraining, type LearnerTrainingOptions } from './learner-training.ts';
export { clippedRewards, NetworkTraining, type NetworkTrainingOptions } from './network-training.ts';
export { createPqnTraining, PqnTraining, type PqnTrainingOptions } from './pqn-training.ts';
export { networkSpec, type Observation, wrapForDqn } from './preprocessing.ts';
export { Progress, type ProgressOptions } from './progress.ts';
export { createRecurrentDqnTraining, type RecurrentDqnTraining } from './recurrent-dqn-training.ts';
export type { TrainingSpeed } from './steady-state.ts';
export {
  createStreamQTraining,
  type StreamQParts,
  StreamQTraining,
  type StreamQTrainingOptions,
} from './stream-q-training.ts';
export { TabularTraining, type TabularTrainingOptions } from './tabular-training.ts';
export {
  type EpisodeReport,
  type EvaluationReport,
  type ExportedModel,
  type StepReport,
  type Training,
  type TrainingEnd,
  type TrainingObserver,
  type TrainOptions,
  train,
  type UpdateReport,
} from './training.ts';
export { checkTrainingEnv, makeTrainingEnv } from './training-env.ts';

export { checkActionMasks, hasActionMask, noActionMask, readActionMask } from './action-mask.ts';
export { argMax } from './arg-max.ts';
export type {
  Env,
  EnvMetadata,
  EnvSpec,
  Info,
  RenderMode,
  ResetOptions,
  ResetResult,
  RgbFrame,
  StepResult,
} from './env.ts';
export type { EpisodePhase } from './episode-phase.ts';
export { drawExploration, explores, fillGreedy, GREEDY } from './epsilon-greedy.ts';
export {
  ActionError,
  ActionMaskError,
  BellmanError,
  DivergenceError,
  FileFormatError,
  MismatchError,
  OptionError,
  OrderError,
  PythonError,
  RunTakenError,
  ShapeError,
  UnavailableError,
  UnknownNameError,
  WriteError,
} from './errors.ts';
export type { ChoiceOptions, IntegerArrays, IntegerType } from './random/index.ts';
export { Generator, SeedSequence } from './random/index.ts';
export { renderFrame, renderText } from './render.ts';
export { restorableParts } from './restorable-parts.ts';
export {
  type EpsilonSchedule,
  epsilonAt,
  interpolate,
  type LearningRateSchedule,
  learningRateAt,
  linearDecay,
} from './schedules.ts';
export type { Restorable, Snapshot, SnapshotArray } from './snapshot.ts';
export type { Space } from './space.ts';
export { type WholeGame, wholeGameOf } from './whole-game.ts';
export { Wrapper } from './wrapper.ts';

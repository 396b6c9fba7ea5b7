export {
  type Algorithm,
  type AlgorithmDefinition,
  type Platform,
  type RawConfig,
  registerAlgorithm,
  type TrainingTask,
} from './algorithms/index.ts';
export * from './core/index.ts';
export { make, makeFromKwargs, register } from './envs/registry.ts';
export * from './spaces/index.ts';

export { registerNetwork, registerValueHead } from './agents/own-kinds.ts';
export {
  type Algorithm,
  type AlgorithmDefinition,
  type Platform,
  registerAlgorithm,
  type TrainingTask,
} from './algorithms/index.ts';
export * from './core/index.ts';
export { make, makeFromKwargs, register } from './envs/registry.ts';
export * from './spaces/index.ts';

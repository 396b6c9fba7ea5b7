export {
  type Algorithm,
  type AlgorithmDefinition,
  algorithm,
  type MeasureOptions,
  type Platform,
  type Runners,
  type TrainingTask,
} from './algorithm.ts';
export { algorithmNames, isAlgorithm, loadAlgorithm, registerAlgorithm } from './registry.ts';
export { type AlgorithmKind, type AlgorithmSummary, algorithmSummary } from './summaries.ts';

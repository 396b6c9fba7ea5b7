export { bestAction, bestValue, greedyActions, stateValuesOf } from './action-values.ts';
export { actionValuesOf, backup, type CompiledModel, compileModel } from './compiled-model.ts';
export {
  parseQLearningConfig,
  parseSampledModelConfig,
  type QLearningConfig,
  type SampledModelConfig,
} from './config.ts';
export * from './grid.ts';
export { renderPolicies, renderPolicyArrows, renderValueTable, sideBySide, type TextOptions } from './grid-text.ts';
export {
  type Plan,
  type PlanOptions,
  type PolicyIterationOptions,
  policyIteration,
  qIteration,
  valueIteration,
} from './planners.ts';
export {
  constantPolicy,
  type EpisodeResult,
  LONGEST_EPISODE,
  mixedPolicy,
  type OnStep,
  type Policy,
  type PolicyRun,
  playEpisode,
  randomPolicy,
  runPolicy,
  tablePolicy,
} from './policies.ts';
export {
  type Evaluation,
  type PolicyTable,
  policyEvaluation,
  policyEvaluationExact,
  type SweepOptions,
  startValue,
  uniformPolicy,
} from './policy-evaluation.ts';
export { QIterationAgent, sweepActionValues } from './q-iteration.ts';
export { blend, QLearningAgent, qLearningTarget } from './q-learning.ts';
export { SampledModelAgent } from './sampled-model-agent.ts';
export { deriveSeeds, type RunSeeds } from './seeds.ts';
export { solveLinear } from './solve-linear.ts';
export {
  type AgentOptions,
  type IterationReport,
  Progress,
  solve,
  type TabularAgent,
  tableSize,
} from './tabular-agent.ts';
export { TransitionTable } from './transition-table.ts';
export { sampledActionValue, sampledGreedyAction, sweepStateValues, ValueIterationAgent } from './value-iteration.ts';
export { drawValueTable, type PictureOptions } from './value-picture.ts';
